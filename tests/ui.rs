//! One mistake, one compile error: each `ui/<mistake>.rs` with the error it gets in `ui/<mistake>.stderr`.
//!
//! `TRYBUILD=overwrite cargo test --test all ui` writes the `.stderr` files anew.

#[test]
fn each_mistake_is_one_error() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
