//! The keys of NNX: streams that count.

use super::Key;
use crate::error::{Error, Result};

/// Keys one after another: a `flax.nnx.RngStream`.
///
/// The n-th key, from 0, is [`fold_in`](Key::fold_in)`(n)` of the key of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RngStream {
    key: Key,
    count: u32,
}

impl RngStream {
    /// The stream of a key, or of a seed: `nnx.RngStream(key, tag=…)`.
    #[must_use]
    pub fn new(key: impl Into<Key>) -> Self {
        Self { key: key.into(), count: 0 }
    }

    /// The key that the stream is made of: `stream.key`.
    #[must_use]
    pub fn key(&self) -> Key {
        self.key
    }

    /// How many keys were drawn: `stream.count`.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Draws the next key: `stream()`.
    pub fn next_key(&mut self) -> Key {
        let key = self.key.fold_in(self.count);
        self.count = self.count.wrapping_add(1);
        key
    }

    /// A stream of the next key: `stream.fork()`.
    pub fn fork(&mut self) -> Self {
        Self::new(self.next_key())
    }

    /// So many streams, of the keys that the next key splits into: `stream.split(n)`, one for each key of its array.
    pub fn split(&mut self, n: usize) -> Vec<Self> {
        self.next_key().keys().take(n).map(Self::new).collect()
    }
}

/// Streams of keys by name: `flax.nnx.Rngs`.
///
/// A name that is no stream stands for the stream `default`, if there is one.
///
/// ```
/// use mlpport_core::random::{Key, Rngs};
///
/// let mut rngs = Rngs::new(0); // nnx.Rngs(0)
/// assert_eq!(rngs.params()?, Key::from_seed(0).fold_in(0)); // rngs.params()
/// assert_eq!(rngs.dropout()?, Key::from_seed(0).fold_in(1)); // rngs.dropout(), of the same stream
///
/// let mut rngs = Rngs::from([("params", 0), ("dropout", 1)]); // nnx.Rngs(params=0, dropout=1)
/// rngs.params()?;
/// assert_eq!(rngs.dropout()?, Key::from_seed(1).fold_in(0));
/// assert!(rngs.make_rng("noise").is_err());
/// # Ok::<(), mlpport_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rngs {
    streams: Vec<(String, RngStream)>,
}

const DEFAULT: &str = "default";

impl Rngs {
    /// The one stream `default`, of a seed or a key: `nnx.Rngs(seed)`.
    #[must_use]
    pub fn new(default: impl Into<Key>) -> Self {
        Self::from([(DEFAULT, default)])
    }

    /// The same streams with one of this name, of a seed or a key: `Rngs::new(0).with("params", 1)` is
    /// `nnx.Rngs(0, params=1)`.
    #[must_use]
    pub fn with(mut self, name: &str, key: impl Into<Key>) -> Self {
        let stream = RngStream::new(key);
        match self.position(name) {
            Some(index) => self.streams[index].1 = stream,
            None => self.streams.push((name.to_owned(), stream)),
        }
        self
    }

    /// The streams and their names.
    pub fn streams(&self) -> impl Iterator<Item = (&str, &RngStream)> {
        self.streams.iter().map(|(name, stream)| (name.as_str(), stream))
    }

    /// The stream of a name, or `default`: `rngs[name]`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where neither is there.
    pub fn stream(&mut self, name: &str) -> Result<&mut RngStream> {
        match self.position(name).or_else(|| self.position(DEFAULT)) {
            Some(index) => Ok(&mut self.streams[index].1),
            None => Err(Error::Argument {
                argument: "name",
                expected: "a stream, or any name where there is the stream `default`".to_owned(),
                found: format!("`{name}`"),
            }),
        }
    }

    /// Draws the next key of the stream of a name, or of `default`: `rngs[name]()`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where neither is there.
    pub fn make_rng(&mut self, name: &str) -> Result<Key> {
        self.stream(name).map(RngStream::next_key)
    }

    /// Draws the next key for a parameter: `rngs.params()`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where there is neither a stream `params` nor `default`.
    pub fn params(&mut self) -> Result<Key> {
        self.make_rng("params")
    }

    /// Draws the next key for a dropout layer: `rngs.dropout()`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where there is neither a stream `dropout` nor `default`.
    pub fn dropout(&mut self) -> Result<Key> {
        self.make_rng("dropout")
    }

    /// New streams of the same names, each of the next key of its stream here: `rngs.fork()`.
    #[must_use]
    pub fn fork(&mut self) -> Self {
        let forked = self.streams.iter_mut().map(|(name, stream)| (name.clone(), stream.fork()));
        Self { streams: forked.collect() }
    }

    /// So many times new streams of the same names: `rngs.split(n)`, one for each key of its arrays.
    ///
    /// The next key of each stream here is split into `n`, and the i-th are those of the i-th streams.
    #[must_use]
    pub fn split(&mut self, n: usize) -> Vec<Self> {
        let mut split = vec![Self { streams: Vec::with_capacity(self.streams.len()) }; n];
        for (name, stream) in &mut self.streams {
            for (rngs, stream) in split.iter_mut().zip(stream.split(n)) {
                rngs.streams.push((name.clone(), stream));
            }
        }
        split
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.streams.iter().position(|(stream, _)| stream == name)
    }
}

/// Streams by name, of seeds or keys; of two with one name, the later.
impl<K: Into<Key>, const N: usize> From<[(&str, K); N]> for Rngs {
    fn from(streams: [(&str, K); N]) -> Self {
        streams.into_iter().fold(Self { streams: Vec::with_capacity(N) }, |rngs, (name, key)| rngs.with(name, key))
    }
}
