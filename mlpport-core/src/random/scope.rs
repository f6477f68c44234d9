//! The keys of Linen: hashes of names.

use sha1_smol::Sha1;

use super::Key;
use crate::error::{Error, Result};

/// The place of a Linen module in its model, from which the keys of its parameters follow: a `flax.core.Scope`.
///
/// A key is a hash of the names on the way to the module and of how many keys were drawn before; the names of the
/// parameters do not matter. Keep the scope of a module while it is used: it counts.
///
/// ```
/// use mlpport_core::init::lecun_normal;
/// use mlpport_core::random::{Key, Scope};
///
/// // nn.Dense(8).init(key, x) within a model, where it is Dense_0
/// let mut dense = Scope::new(Key::from_seed(0)).child("Dense_0");
/// let kernel = lecun_normal().init::<f32>(dense.make_rng("params")?, &[4, 8])?;
/// assert_eq!(kernel[[0, 0]], -0.825_899_8);
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    path: String,
    streams: Vec<Stream>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Stream {
    name: String,
    root: Key,
    count: u32,
}

const PARAMS: &str = "params";

impl Scope {
    /// The root of a model with one stream of keys, `params`: that of `model.init(key, x)`.
    #[must_use]
    pub fn new(params: Key) -> Self {
        Self::from([(PARAMS, params)])
    }

    /// The scope of a submodule, such as `Dense_0`, which counts on its own: `scope.push(name)`.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        let streams = self.streams.iter().map(|stream| Stream { count: 0, ..stream.clone() });
        Self { path: format!("{}{name}", self.path), streams: streams.collect() }
    }

    /// Draws the next key of a stream, or of `params` where there is none of this name: `module.make_rng(name)`.
    ///
    /// A parameter draws from `params`, in the order in which a module declares its parameters.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where there is neither this stream nor `params`.
    pub fn make_rng(&mut self, name: &str) -> Result<Key> {
        let position = |name| self.streams.iter().position(|stream| stream.name == name);
        let Some(index) = position(name).or_else(|| position(PARAMS)) else {
            let expected = "a stream, or any name where there is the stream `params`".to_owned();
            return Err(Error::Argument { argument: "name", expected, found: format!("`{name}`") });
        };
        let stream = &mut self.streams[index];
        stream.count = stream.count.wrapping_add(1);
        Ok(stream.root.for_param(&[self.path.as_str()], stream.count))
    }
}

/// [`Scope::new`].
impl<K: Into<Key>> From<K> for Scope {
    fn from(params: K) -> Self {
        Self::new(params.into())
    }
}

/// The root of a model with these streams: that of `model.init({name: key, …}, x)`.
impl<const N: usize> From<[(&str, Key); N]> for Scope {
    fn from(streams: [(&str, Key); N]) -> Self {
        let streams = streams.map(|(name, root)| Stream { name: name.to_owned(), root, count: 0 });
        Self { path: String::new(), streams: streams.into() }
    }
}

impl Key {
    /// The key that Linen gives to the `counter`-th parameter, from 1, of the module at `path`, where this is the key that
    /// the model is initialised with.
    ///
    /// It is [`fold_in`](Key::fold_in) of the first four bytes of the SHA-1 of the names one after another and of the
    /// counter, as `flax.core.scope.LazyRng` has it while `flax_fix_rng_separator` is off, which is the default.
    ///
    /// ```
    /// use mlpport_core::random::Key;
    ///
    /// let kernel = Key::from_seed(0).for_param(&["Dense_0"], 1);
    /// assert_eq!(kernel.words(), [0xb567_2c9f, 0xda53_0980]);
    /// ```
    #[must_use]
    pub fn for_param(self, path: &[&str], counter: u32) -> Self {
        let mut hash = Sha1::new();
        path.iter().for_each(|name| hash.update(name.as_bytes()));
        let counter = counter.to_be_bytes();
        let leading = counter.iter().take_while(|byte| **byte == 0).count();
        hash.update(&counter[leading..]);
        let [a, b, c, d, ..] = hash.digest().bytes();
        self.fold_in(u32::from_be_bytes([a, b, c, d]))
    }
}
