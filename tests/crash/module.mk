# Crashes and injected faults. Scripts as in tests/flow, programs as in tests/screen.
