package guide

import _ "samerun/internal/laws" // fixed values for rapid
