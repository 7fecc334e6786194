module labs

go 1.25.0

require (
	github.com/anishathalye/porcupine v1.3.1
	samerun v0.0.0
)

replace samerun => ../..
