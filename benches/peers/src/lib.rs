//! What the benches share: the models of the rows, turns that alternate, and the limits of the machine.

pub mod contest;
pub mod deep;
pub mod machine;
pub mod mlp;
pub mod peers;
pub mod python;

/// Any error ends a bench.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The time that a share of the sorted times lies below.
pub fn quantile(times: &[f64], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}

/// The one in the middle.
pub fn median(times: &[f64]) -> f64 {
    quantile(times, 0.5)
}
