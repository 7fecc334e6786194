package sim

// Decision and Watch are for tests outside of the package.
type Decision = decision

// Watch lets f know what the faults of a run decide.
func Watch(cfg *Config, f func(Decision)) { cfg.decided = f }
