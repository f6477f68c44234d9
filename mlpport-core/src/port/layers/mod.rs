//! The ports of the layers into their twins.

mod linear;
mod norm;
mod param;

use super::Problems;
use crate::error::Error;

/// A wrong shape becomes a problem of the port.
fn noted<T>(made: crate::Result<T>, problems: &mut Problems<'_>) -> Option<T> {
    match made {
        Ok(made) => Some(made),
        Err(Error::Shape { name, expected, found }) => {
            problems.shape(&name, &expected, &found);
            None
        }
        Err(_) => None,
    }
}
