package sim

func runTool(t TB, env *environment) {
	t.Errorf("not yet")
	t.FailNow()
}
