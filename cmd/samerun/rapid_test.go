package main

import _ "samerun/internal/laws" // fixed values for rapid
