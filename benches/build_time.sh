#!/usr/bin/env bash
# How long a clean release build of a user's crate with default features takes, and how many crates are in its tree.
# The crates are downloaded before the clock starts.
#
#   benches/build_time.sh
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="$work/target"

mkdir -p "$work/user/src"
cat >"$work/user/Cargo.toml" <<TOML
[package]
name = "user"
version = "0.0.0"
edition = "2024"
[dependencies]
mlpport = { path = "$root" }
[workspace]
TOML
cp "$root/rust-toolchain.toml" "$work/user/"
cp "$root/Cargo.lock" "$work/user/"
cat >"$work/user/src/main.rs" <<'RUST'
use mlpport::prelude::*;

#[derive(CompactModule)]
struct LinenMlp {
    hidden: Dense<4, 8>,
    relu: Relu,
    out: Dense<8, 2>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp)]
struct NnxMlp {
    #[port(from = "Dense_0")]
    fc1: Linear<4, 8>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<8, 2>,
}

fn main() -> mlpport::Result<()> {
    let variables = mlpport::load(std::env::args().nth(1).unwrap_or_default())?;
    let nnx = NnxMlp::port_from(LinenMlp::from_variables(variables)?);
    println!("{}", nnx.forward(mlpport::ndarray::Array2::zeros((1, 4)).view()));
    Ok(())
}
RUST
cd "$work/user"
cargo fetch --quiet
# Without the user's own crate.
crates=$(($(cargo tree -e normal --prefix none --no-dedupe | awk '{ print $1, $2 }' | sort -u | wc -l) - 1))
start=$(date +%s%N)
cargo build --release --quiet --offline
took=$((($(date +%s%N) - start) / 1000000))
echo "$(nproc) cores: a clean release build took $took ms, with $crates crates (cargo tree -e normal)"
