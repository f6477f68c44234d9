//! Directories that are not what Orbax writes.
