package pick

import _ "samerun/internal/laws" // fixed values for rapid
