///The submodules of [`LinenMlp`] by the names that Flax gives them.
#[allow(non_camel_case_types, non_snake_case)]
struct LinenMlpParams<Dense_0, Dense_1> {
    ///`hidden`
    pub Dense_0: Dense_0,
    ///`out`
    pub Dense_1: Dense_1,
}
#[allow(non_snake_case)]
const _: () = {
    use ::mlpport::__private;
    const __STRUCTURE: bool = {
        const __CHECK: &__private::Structure = &__private::check::<
            LinenMlp,
        >(&["Dense", "", "Dense"], &[]);
        if !__CHECK.passed() {
            __CHECK.report(0);
            __CHECK.report(2);
        }
        __CHECK.passed()
    };
    #[automatically_derived]
    impl __private::Submodule for LinenMlp {
        const STEPS: &'static [__private::Step] = &const {
            [
                __private::Step::layer::<Dense>("hidden", "Dense_0"),
                __private::Step::activation::<Tanh>("tanh"),
                __private::Step::layer::<Dense>("out", "Dense_1"),
            ]
        };
        const IN_ORDER: bool = true;
    }
    #[automatically_derived]
    impl __private::CompactModule for LinenMlp
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        const NAME: &'static str = "LinenMlp";
        const NAMES: &'static [&'static str] = &["Dense_0", "Dense_1"];
    }
    impl LinenMlp {
        /// Hands out the submodules by the names that Flax gives them, without copying an array.
        #[allow(dead_code, private_interfaces)]
        fn into_params(self) -> LinenMlpParams<Dense, Dense> {
            let Self { hidden: Dense_0, tanh: _tanh, out: Dense_1 } = self;
            LinenMlpParams { Dense_0, Dense_1 }
        }
    }
    #[automatically_derived]
    impl __private::Build for LinenMlp
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn build(submodules: &mut impl __private::Submodules) -> Self {
            Self {
                hidden: submodules.submodule("Dense_0"),
                tanh: ::core::default::Default::default(),
                out: submodules.submodule("Dense_1"),
            }
        }
    }
    #[automatically_derived]
    impl __private::State for LinenMlp
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        const CLASS: &'static str = "LinenMlp";
        fn read(reader: &mut __private::Reader<'_>) -> Self {
            __private::Build::build(reader)
        }
        fn write(&self, writer: &mut __private::Writer<'_>) {
            writer.submodule("Dense_0", &self.hidden);
            writer.submodule("Dense_1", &self.out);
        }
        fn draw(init: &mut __private::Init<'_>) -> __private::Result<Self> {
            ::core::result::Result::Ok(__private::Build::build(init))
        }
    }
    #[automatically_derived]
    impl __private::Forward for LinenMlp
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        const INPUTS: ::core::option::Option<usize> = __private::inputs(
            <Self as __private::Submodule>::STEPS,
        );
        const OUTPUTS: ::core::option::Option<usize> = __private::outputs(
            <Self as __private::Submodule>::STEPS,
        );
        fn try_forward<__D: __private::ndarray::Dimension>(
            &self,
            x: __private::ndarray::ArrayView<'_, f32, __D>,
        ) -> __private::Result<__private::ndarray::Array<f32, __D>> {
            __private::Run::forward(self, x)
        }
        fn steps<'__x, __D: __private::ndarray::Dimension>(
            &'__x self,
            run: &mut __private::Run<'__x, __D>,
        ) {
            run.layer_with_activation("hidden", &self.hidden, &self.tanh);
            run.layer("out", &self.out);
        }
    }
};
#[allow(non_snake_case)]
const _: () = {
    use ::mlpport::__private;
    const __STRUCTURE: bool = {
        const __DIAGNOSIS: &__private::Diagnosis = &__private::diagnose(
            &__private::Plan {
                model: "NnxMlp",
                fields: &const {
                    [
                        __private::Planned::layer::<Linear<4, 8>>("fc1", "Dense_0"),
                        __private::Planned::activation::<Tanh>("tanh"),
                        __private::Planned::layer::<Linear<8, 3>>("fc2", "Dense_1"),
                    ]
                },
                ignored: &[],
                opened: &[],
                sizes: &[],
                order: __private::Order::Derived,
            },
            &[__private::Origin::of::<LinenMlp>("")],
        );
        if !__DIAGNOSIS.passed() {
            __DIAGNOSIS.report(0);
            __DIAGNOSIS.report(1);
            __DIAGNOSIS.report(2);
            __DIAGNOSIS.report(3);
        }
        __DIAGNOSIS.passed()
    };
    #[automatically_derived]
    impl __private::TryPortFrom<LinenMlp> for NnxMlp
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn checked_port(
            source: LinenMlp,
            problems: &mut __private::Problems<'_>,
        ) -> ::core::option::Option<Self> {
            let params = __private::checked::<LinenMlp, __STRUCTURE>(source)
                .into_params();
            let fc1 = __private::Source(params.Dense_0)
                .try_port::<Linear<4, 8>>("Dense_0", "fc1", problems);
            let fc2 = __private::Source(params.Dense_1)
                .try_port::<Linear<8, 3>>("Dense_1", "fc2", problems);
            ::core::option::Option::Some(Self {
                fc1: fc1?,
                tanh: ::core::default::Default::default(),
                fc2: fc2?,
            })
        }
    }
    #[automatically_derived]
    impl __private::TryPortFrom<&LinenMlp> for NnxMlp
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn checked_port(
            source: &LinenMlp,
            problems: &mut __private::Problems<'_>,
        ) -> ::core::option::Option<Self> {
            __private::TryPortFrom::checked_port(__private::duplicate(source), problems)
        }
        fn try_assign_from(&mut self, source: &LinenMlp) -> __private::Result<()> {
            __private::TryPortFrom::try_assign_from(self, __private::duplicate(source))
        }
    }
    #[automatically_derived]
    impl __private::Mapped for NnxMlp
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn pairs(pairs: &mut __private::Pairs<'_>) {
            pairs.field::<Linear<4, 8>>("Dense_0", "fc1");
            pairs.field::<Linear<8, 3>>("Dense_1", "fc2");
        }
    }
    #[automatically_derived]
    impl __private::Build for NnxMlp
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn build(submodules: &mut impl __private::Submodules) -> Self {
            Self {
                fc1: submodules.submodule("fc1"),
                tanh: ::core::default::Default::default(),
                fc2: submodules.submodule("fc2"),
            }
        }
    }
    #[automatically_derived]
    impl __private::State for NnxMlp
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        const CLASS: &'static str = "NnxMlp";
        fn read(reader: &mut __private::Reader<'_>) -> Self {
            __private::Build::build(reader)
        }
        fn write(&self, writer: &mut __private::Writer<'_>) {
            writer.submodule("fc1", &self.fc1);
            writer.submodule("fc2", &self.fc2);
        }
        fn draw(init: &mut __private::Init<'_>) -> __private::Result<Self> {
            ::core::result::Result::Ok(__private::Build::build(init))
        }
        fn overwrite(&mut self, with: Self) {
            __private::State::overwrite(&mut self.fc1, with.fc1);
            __private::State::overwrite(&mut self.fc2, with.fc2);
        }
    }
    #[automatically_derived]
    impl __private::NnxModule for NnxMlp
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {}
    #[automatically_derived]
    impl __private::Forward for NnxMlp
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn try_forward<__D: __private::ndarray::Dimension>(
            &self,
            x: __private::ndarray::ArrayView<'_, f32, __D>,
        ) -> __private::Result<__private::ndarray::Array<f32, __D>> {
            __private::Run::forward(self, x)
        }
        fn steps<'__x, __D: __private::ndarray::Dimension>(
            &'__x self,
            run: &mut __private::Run<'__x, __D>,
        ) {
            run.layer_with_activation("fc1", &self.fc1, &self.tanh);
            run.layer("fc2", &self.fc2);
        }
    }
};
