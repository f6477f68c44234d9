//! From keys to a model: one walk through the types of a model that draws each parameter once.

use ndarray::{Array, ArrayD, Dimension};

use super::reader::fits;
use super::{LayerSizes, Reader, State};
use crate::error::{Error, InitError, InitProblem, Result};
use crate::init::Initializer;
use crate::random::{Key, Rngs, Scope};
use crate::tensor::{DYN, Shape};
use crate::variables::{Entry, Path, Variables};

/// Draws the parameters of a model at one place of the tree, as Flax does.
pub struct Init<'a> {
    keys: Keys<'a>,
    report: &'a mut Report,
    place: Path,
    class: &'static str,
    /// Whether the sizes are known, so that leaves can be drawn.
    sized: bool,
    /// The initialisers that were chosen for the leaves of this place, and for those of the submodule that comes next.
    chosen: Vec<(&'static str, Initializer)>,
    chosen_next: Vec<(&'static str, Initializer)>,
}

/// Where the keys come from at one place.
enum Keys<'a> {
    /// The scope of this place, and that of the module around it, from which a raw parameter draws.
    Linen {
        scope: Scope,
        around: Option<&'a mut Scope>,
    },
    Nnx(&'a mut Rngs),
}

impl Keys<'_> {
    fn params(&mut self) -> Result<Key> {
        match self {
            Self::Linen { scope, .. } => scope.make_rng("params"),
            Self::Nnx(rngs) => rngs.params(),
        }
    }

    /// The key of a raw parameter, which belongs to the module around it.
    fn raw(&mut self, initializer: &Initializer) -> Result<Key> {
        match self {
            Self::Linen { around: Some(scope), .. } => scope.make_rng("params"),
            // `nnx.Param(jnp.zeros(2))` draws nothing.
            Self::Nnx(_) if matches!(initializer, Initializer::Constant { .. }) => Ok(Key::from_seed(0)),
            Self::Linen { around: None, .. } | Self::Nnx(_) => self.params(),
        }
    }
}

/// What is known of the whole model while it is made.
struct Report {
    sizes: LayerSizes,
    places: Vec<Path>,
    problems: Vec<InitProblem>,
    /// What the first submodule returned that could not be drawn.
    error: Option<Error>,
}

impl Init<'_> {
    /// A model as `model.init(rngs, x)` makes it in Linen.
    ///
    /// # Errors
    ///
    /// [`Error::Init`] lists everything that stands in the way.
    pub fn linen<T: State>(rngs: impl Into<Scope>, sizes: impl Into<LayerSizes>) -> Result<T> {
        Self::whole(Keys::Linen { scope: rngs.into(), around: None }, sizes.into())
    }

    /// A model as `Model(rngs=rngs)` makes it in NNX.
    ///
    /// # Errors
    ///
    /// [`Error::Init`] lists everything that stands in the way. The keys that were drawn before stay drawn.
    pub fn nnx<T: State>(rngs: &mut Rngs, sizes: impl Into<LayerSizes>) -> Result<T> {
        Self::whole(Keys::Nnx(rngs), sizes.into())
    }

    fn whole<T: State>(keys: Keys<'_>, sizes: LayerSizes) -> Result<T> {
        let mut report = Report { sizes, places: Vec::new(), problems: Vec::new(), error: None };
        let model = Init::draw(keys, &mut report, Path::root(), Vec::new());
        report.name_unused_sizes();
        if !report.problems.is_empty() {
            return Err(InitError { model: T::CLASS, problems: report.problems }.into());
        }
        match report.error {
            None => model,
            Some(error) => Err(error),
        }
    }

    /// Chooses the initialiser of the leaf `leaf` of the submodule that is drawn next: `kernel_init=…` in Flax.
    pub fn with(&mut self, leaf: &'static str, initializer: impl Into<Initializer>) -> &mut Self {
        self.chosen_next.push((leaf, initializer.into()));
        self
    }

    /// Draws what stands under `name` below this place.
    ///
    /// Where [`State::draw`] fails the error is kept for the report, and so is what is wrong with a leaf; what this returns is then
    /// dropped.
    pub fn submodule<T: State>(&mut self, name: &str) -> T {
        self.at(name, self.place.join(name))
    }

    /// Draws what stands at `index` of the list `name` below this place, as NNX keeps lists: `layers/0`.
    ///
    /// Where that fails, as [`submodule`](Self::submodule).
    pub fn element<T: State>(&mut self, name: &str, index: usize) -> T {
        self.at(name, self.place.join(name).join(&index.to_string()))
    }

    fn at<T: State>(&mut self, name: &str, place: Path) -> T {
        let keys = match &mut self.keys {
            Keys::Linen { scope, .. } => Keys::Linen { scope: scope.child(name), around: Some(scope) },
            Keys::Nnx(rngs) => Keys::Nnx(rngs),
        };
        self.report.places.push(place.clone());
        Init::draw(keys, self.report, place, std::mem::take(&mut self.chosen_next)).unwrap_or_else(|error| {
            self.report.error.get_or_insert(error);
            Reader::without_leaves()
        })
    }

    fn draw<T: State>(
        keys: Keys<'_>,
        report: &mut Report,
        place: Path,
        chosen: Vec<(&'static str, Initializer)>,
    ) -> Result<T> {
        let mut init = Init { keys, report, place, class: T::CLASS, sized: true, chosen, chosen_next: Vec::new() };
        let model = T::draw(&mut init);
        for (leaf, _) in init.chosen {
            init.report.problems.push(InitProblem::NoLeaf { path: init.place.in_words(), class: T::CLASS, leaf });
        }
        model
    }

    /// The sizes of the layer at this place, of which `declared` says what its type does; `None` where one is not known.
    pub fn sizes<const N: usize>(&mut self, declared: [usize; N]) -> Option<[usize; N]> {
        self.sizes_of(&declared)?.try_into().ok()
    }

    /// The same for a layer whose number of sizes is not fixed.
    pub(super) fn sizes_of(&mut self, declared: &[usize]) -> Option<Vec<usize>> {
        let (path, class) = (self.place.in_words(), self.class);
        let expected = Shape::from(declared);
        let Some(given) = self.report.sizes.take(&self.place) else {
            if !declared.contains(&DYN) {
                return Some(declared.to_vec());
            }
            self.report.problems.push(InitProblem::Unknown { path, class, expected });
            self.sized = false;
            return None;
        };
        if fits(&given, declared) {
            return Some(given.to_vec());
        }
        self.sized = false;
        self.report.problems.push(InitProblem::OtherSizes { path, class, expected, found: given });
        None
    }

    /// Draws the leaf `name` of the collection `params`, by `default` if nothing else was chosen. A key is drawn for every
    /// leaf, in the order of the calls, also where the initialiser needs none.
    ///
    /// Where that fails the problem is kept for the report, and the array has no elements.
    pub fn param<D: Dimension>(
        &mut self,
        name: &'static str,
        shape: &[usize],
        default: impl Into<Initializer>,
    ) -> Array<f32, D> {
        let initializer = self.take_chosen(name).unwrap_or_else(|| default.into());
        let key = self.keys.params();
        self.drawn(key, &initializer, self.place.join(name), shape)
    }

    /// Draws the leaf that this place itself is, for a raw parameter, which has no default.
    ///
    /// A raw parameter that is constant draws no key in NNX, as `nnx.Param(jnp.zeros(2))` does not.
    pub fn own_param<D: Dimension>(&mut self, shape: &[usize]) -> Array<f32, D> {
        let Some(initializer) = self.take_chosen("") else {
            self.report.problems.push(InitProblem::NoInitializer { path: self.place.in_words() });
            return Array::zeros(D::zeros(shape.len()));
        };
        let key = self.keys.raw(&initializer);
        self.drawn(key, &initializer, self.place.clone(), shape)
    }

    /// The error of a layer that does not say how it is drawn.
    pub fn not_drawn(&mut self) -> Error {
        let problem = InitProblem::NotDrawn { path: self.place.in_words(), class: self.class };
        self.report.problems.push(problem.clone());
        InitError { model: self.class, problems: vec![problem] }.into()
    }

    fn take_chosen(&mut self, leaf: &str) -> Option<Initializer> {
        let index = self.chosen.iter().position(|(chosen, _)| *chosen == leaf)?;
        Some(self.chosen.remove(index).1)
    }

    fn drawn<D: Dimension>(
        &mut self,
        key: Result<Key>,
        initializer: &Initializer,
        path: Path,
        shape: &[usize],
    ) -> Array<f32, D> {
        let array = self.drawn_dyn(key, initializer, path, shape);
        array.and_then(|array| array.into_dimensionality().ok()).unwrap_or_else(|| Array::zeros(D::zeros(shape.len())))
    }

    /// Compiled here alone, with all initialisers, and not in each crate with a model.
    fn drawn_dyn(
        &mut self,
        key: Result<Key>,
        initializer: &Initializer,
        path: Path,
        shape: &[usize],
    ) -> Option<ArrayD<f32>> {
        if !self.sized {
            return None;
        }
        match key.and_then(|key| initializer.init::<f32>(key, shape)) {
            Ok(array) => Some(array),
            Err(error) => {
                self.report.problems.push(InitProblem::Draw { path: path.in_words(), message: error.to_string() });
                None
            }
        }
    }
}

impl Report {
    fn name_unused_sizes(&mut self) {
        let mut places = Variables::new();
        for place in &self.places {
            // A module contains its layers, and either is near enough.
            let _ = places.insert(place.clone(), Entry::Empty);
        }
        for path in self.sizes.paths() {
            let nearest = places.nearest(&path.to_string(), 3);
            self.problems.push(InitProblem::NoLayer { path: path.in_words(), nearest });
        }
    }
}
