//! Runs `port_mlp` on cases from standard input, for a comparison with Flax: see `tests/live/port_mlp.py`.
//!
//! A line is `seed hidden out shape bits…`, such as `0 8 3 2,1 3f800000 40000000`; the answer is the bits of both sums.

use std::io::{self, BufRead};

use mlpport::ndarray::{ArrayD, IxDyn};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in io::stdin().lock().lines() {
        let line = line?;
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [seed, hidden, out, shape, bits @ ..] = &fields[..] else {
            return Err(format!("not a case: {line}").into());
        };
        let shape = shape.split(',').map(str::parse).collect::<Result<Vec<usize>, _>>()?;
        let x = bits.iter().map(|bits| u32::from_str_radix(bits, 16).map(f32::from_bits)).collect::<Result<_, _>>()?;
        let x = ArrayD::from_shape_vec(IxDyn(&shape), x)?;
        let sums = mlpport::port_mlp(seed.parse::<i64>()?, x.view(), hidden.parse()?, out.parse()?)?;
        println!("{:08x} {:08x}", sums[0].to_bits(), sums[1].to_bits());
    }
    Ok(())
}
