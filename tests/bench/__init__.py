"""Benchmarks over the whole system; `bin/bench NAME …` runs them. Figures in documents come from here."""
