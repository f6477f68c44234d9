//! Layers and activations against Flax: the golden files and the scripts that make them are under `tests/fixtures`.

mod activations;
mod digits;
mod norms;
