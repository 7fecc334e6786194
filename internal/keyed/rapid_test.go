package keyed

import _ "samerun/internal/laws" // fixed values for rapid
