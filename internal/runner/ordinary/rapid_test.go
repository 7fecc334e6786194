package ordinary

import _ "samerun/internal/laws" // fixed values for rapid
