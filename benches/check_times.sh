#!/usr/bin/env bash
# How long `cargo check` takes for a pair of structs with 10, 100 and 300 layers, beside the same structs and copy code
# written by hand: after the file was touched, with what the compiler keeps between two checks, and from nothing. Dependencies
# are checked before the clock starts; each time is the best of five.
#
#   benches/check_times.sh [layers ...]
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="$work/target"

crate() { # name
    mkdir -p "$work/$1/src"
    cat >"$work/$1/Cargo.toml" <<TOML
[package]
name = "$1"
version = "0.0.0"
edition = "2024"
[dependencies]
mlpport = { path = "$root" }
[workspace]
TOML
    cp "$root/rust-toolchain.toml" "$work/$1/"
    cp "$root/Cargo.lock" "$work/$1/" 2>/dev/null || true
}

derived() { # layers
    echo 'use mlpport::prelude::*;'
    echo '#[derive(CompactModule)]'
    echo 'pub struct LinenMlp<const W: usize> {'
    for ((i = 0; i < $1; i++)); do echo "    layer$i: Dense<W, W>, relu$i: Relu,"; done
    echo '}'
    echo '#[derive(NnxModule)]'
    echo '#[port(source = LinenMlp<W>)]'
    echo 'pub struct NnxMlp<const W: usize> {'
    for ((i = 0; i < $1; i++)); do echo "    #[port(from = \"Dense_$i\")] fc$i: Linear<W, W>, relu$i: Relu,"; done
    echo '}'
    echo 'pub fn port(linen: LinenMlp<4>) -> NnxMlp<4> { NnxMlp::port_from(linen) }'
}

by_hand() { # layers
    echo 'use mlpport::prelude::*;'
    echo 'pub struct LinenMlp<const W: usize> {'
    for ((i = 0; i < $1; i++)); do echo "    pub layer$i: Dense<W, W>, pub relu$i: Relu,"; done
    echo '}'
    echo 'pub struct NnxMlp<const W: usize> {'
    for ((i = 0; i < $1; i++)); do echo "    pub fc$i: Linear<W, W>, pub relu$i: Relu,"; done
    echo '}'
    echo 'pub fn port<const W: usize>(linen: LinenMlp<W>) -> NnxMlp<W> {'
    echo '    NnxMlp {'
    for ((i = 0; i < $1; i++)); do echo "        fc$i: linen.layer$i.into_params().into(), relu$i: linen.relu$i,"; done
    echo '    }'
    echo '}'
    echo 'pub fn forward<const W: usize>(nnx: &NnxMlp<W>, x: mlpport::ndarray::Array2<f32>) -> mlpport::ndarray::Array2<f32> {'
    for ((i = 0; i < $1; i++)); do echo "    let x = nnx.relu$i.apply(nnx.fc$i.forward(x.view()));"; done
    echo '    x'
    echo '}'
}

best() { # crate, whether the compiler keeps anything: milliseconds of the best of five
    local least=999999 start took
    for _ in 1 2 3 4 5; do
        touch "$work/$1/src/lib.rs"
        start=$(date +%s%N)
        (cd "$work/$1" && CARGO_INCREMENTAL=$2 cargo check --quiet --offline)
        took=$((($(date +%s%N) - start) / 1000000))
        ((took < least)) && least=$took
    done
    echo "$least"
}

crate derived
crate by_hand
printf '%8s %10s %12s %12s %8s\n' layers check 'derived ms' 'by hand ms' ratio
[[ $# -gt 0 ]] || set -- 10 100 300
for layers in "$@"; do
    derived "$layers" >"$work/derived/src/lib.rs"
    by_hand "$layers" >"$work/by_hand/src/lib.rs"
    (cd "$work/derived" && cargo check --quiet && cd ../by_hand && cargo check --quiet)
    for incremental in 1 0; do
        kind=$([[ $incremental = 1 ]] && echo touched || echo whole)
        a=$(best derived $incremental)
        b=$(best by_hand $incremental)
        printf '%8s %10s %12s %12s %8s\n' "$layers" "$kind" "$a" "$b" "$(awk "BEGIN { printf \"%.2f\", $a / $b }")"
    done
done
