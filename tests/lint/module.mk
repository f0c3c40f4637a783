# The tree itself: layers, purity, homes of libraries, lengths, format, stale prose.
