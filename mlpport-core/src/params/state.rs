//! What every layer and module of either side can do: be read and be written.

use super::{Init, Reader, Writer};
use crate::error::Result;
use crate::variables::Path;

/// Which of Flax's two APIs a tree of variables belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `flax.linen`: collections at the root, `params/Dense_0/kernel`.
    Linen,
    /// `flax.nnx`: attributes at the root, `fc1/kernel`; statistics and parameters stand side by side.
    Nnx,
}

impl Side {
    /// The path of a place in a collection, which only the Linen side has.
    pub(super) fn path(self, collection: &str, place: &Path) -> Path {
        match self {
            Self::Linen => Path::from_names([collection]).concat(place),
            Self::Nnx => place.clone(),
        }
    }
}

/// Something that holds parameters: a layer, a raw parameter, or a module of these.
///
/// The derives implement it for structs. A layer of your own reads and writes its leaves, and draws them if it is to be
/// initialised:
///
/// ```
/// use mlpport_core::Result;
/// use mlpport_core::init::ones;
/// use mlpport_core::params::{Init, Reader, State, Writer};
/// use ndarray::Array1;
///
/// /// `y = x * scale`
/// struct Scale {
///     scale: Array1<f32>,
/// }
///
/// impl State for Scale {
///     const CLASS: &'static str = "Scale";
///     fn read(reader: &mut Reader<'_>) -> Self {
///         Self { scale: reader.leaf("params", "scale", &[3]) }
///     }
///     fn write(&self, writer: &mut Writer<'_>) {
///         writer.leaf("params", "scale", self.scale.view());
///     }
///     fn draw(init: &mut Init<'_>) -> Result<Self> {
///         Ok(Self { scale: init.param("scale", &[3], ones()) })
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds no parameters that can be read from variables",
    label = "expected a layer, a module with a derive of mlpport, or a `Param`"
)]
pub trait State: Sized {
    /// The class in Flax, such as `Dense`.
    const CLASS: &'static str;

    /// Takes its leaves at the reader's place.
    ///
    /// Where one does not fit, the reader hands out an array without elements and keeps the leaf for the report; what this
    /// returns is then dropped. So it is when a summary asks for the leaves and their shapes alone.
    fn read(reader: &mut Reader<'_>) -> Self;

    /// Writes its leaves at the writer's place.
    fn write(&self, writer: &mut Writer<'_>);

    /// Draws its leaves at the place of `init`, in the order in which the Flax class makes them.
    ///
    /// # Errors
    ///
    /// Without an implementation, always. What is wrong with a leaf `init` keeps for its report.
    fn draw(init: &mut Init<'_>) -> Result<Self> {
        Err(init.not_drawn())
    }

    /// Replaces the parameters by those of `with`; a derived struct keeps what its fields with `skip` hold.
    fn overwrite(&mut self, with: Self) {
        *self = with;
    }
}

/// [`State::overwrite`] for each element of a list.
pub fn overwrite_all<T: State, const N: usize>(list: &mut [T; N], with: [T; N]) {
    for (element, with) in list.iter_mut().zip(with) {
        element.overwrite(with);
    }
}

/// A Linen model once more, with its arrays copied; what a derive skips is made anew.
pub fn duplicate<T: State>(model: &T) -> T {
    Reader::read_back(Writer::write(model, Side::Linen), Side::Linen)
}
