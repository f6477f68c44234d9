///The submodules of [`Block`] by the names that Flax gives them.
#[allow(non_camel_case_types, non_snake_case)]
struct BlockParams<Dense_0, Dense_1> {
    ///`up`
    pub Dense_0: Dense_0,
    ///`down`
    pub Dense_1: Dense_1,
}
#[allow(non_snake_case)]
const _: () = {
    use ::mlpport::__private;
    const __STRUCTURE: bool = {
        const __CHECK: &__private::Structure = &__private::check::<
            Block,
        >(&["Dense", "", "Dense"], &[]);
        if !__CHECK.passed() {
            __CHECK.report(0);
            __CHECK.report(2);
        }
        __CHECK.passed()
    };
    #[automatically_derived]
    impl __private::Submodule for Block {
        const STEPS: &'static [__private::Step] = &const {
            [
                __private::Step::layer::<Dense<8, 32>>("up", "Dense_0"),
                __private::Step::activation::<Gelu>("gelu"),
                __private::Step::layer::<Dense<32, 8>>("down", "Dense_1"),
            ]
        };
        const IN_ORDER: bool = true;
    }
    #[automatically_derived]
    impl __private::CompactModule for Block
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        const NAME: &'static str = "Block";
        const NAMES: &'static [&'static str] = &["Dense_0", "Dense_1"];
    }
    impl Block {
        /// Hands out the submodules by the names that Flax gives them, without copying an array.
        #[allow(dead_code, private_interfaces)]
        fn into_params(self) -> BlockParams<Dense<8, 32>, Dense<32, 8>> {
            let Self { up: Dense_0, gelu: _gelu, down: Dense_1 } = self;
            BlockParams { Dense_0, Dense_1 }
        }
    }
    #[automatically_derived]
    impl __private::Build for Block
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn build(submodules: &mut impl __private::Submodules) -> Self {
            Self {
                up: submodules.submodule("Dense_0"),
                gelu: ::core::default::Default::default(),
                down: submodules.submodule("Dense_1"),
            }
        }
    }
    #[automatically_derived]
    impl __private::State for Block
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        const CLASS: &'static str = "Block";
        fn read(reader: &mut __private::Reader<'_>) -> Self {
            __private::Build::build(reader)
        }
        fn write(&self, writer: &mut __private::Writer<'_>) {
            writer.submodule("Dense_0", &self.up);
            writer.submodule("Dense_1", &self.down);
        }
        fn draw(init: &mut __private::Init<'_>) -> __private::Result<Self> {
            ::core::result::Result::Ok(__private::Build::build(init))
        }
    }
    #[automatically_derived]
    impl __private::Forward for Block
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
            run.layer_with_activation("up", &self.up, &self.gelu);
            run.layer("down", &self.down);
        }
    }
};
///The submodules of [`Trunk`] by the names that Flax gives them.
#[allow(non_camel_case_types, non_snake_case)]
struct TrunkParams<Dense_0, Block_0, Block_1, Block_2, head> {
    ///`embed`
    pub Dense_0: Dense_0,
    ///`blocks[0]`
    pub Block_0: Block_0,
    ///`blocks[1]`
    pub Block_1: Block_1,
    ///`blocks[2]`
    pub Block_2: Block_2,
    ///`head`
    pub head: head,
}
#[allow(non_snake_case)]
const _: () = {
    use ::mlpport::__private;
    const __STRUCTURE: bool = {
        const __CHECK: &__private::Structure = &__private::check::<
            Trunk,
        >(&["Dense", "Block", "Block", "Block", ""], &[]);
        if !__CHECK.passed() {
            __CHECK.report(0);
            __CHECK.report(1);
            __CHECK.report(2);
            __CHECK.report(3);
            __CHECK.report(4);
        }
        __CHECK.passed()
    };
    #[automatically_derived]
    impl __private::Submodule for Trunk {
        const STEPS: &'static [__private::Step] = &const {
            [
                __private::Step::layer::<Dense<4, 8>>("embed", "Dense_0"),
                __private::Step::layer::<Block>("blocks", "Block_0"),
                __private::Step::layer::<Block>("blocks", "Block_1"),
                __private::Step::layer::<Block>("blocks", "Block_2"),
                __private::Step::layer::<Dense<8, 2>>("head", "head"),
            ]
        };
        const IN_ORDER: bool = true;
    }
    #[automatically_derived]
    impl __private::CompactModule for Trunk
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        const NAME: &'static str = "Trunk";
        const NAMES: &'static [&'static str] = &[
            "Dense_0",
            "Block_0",
            "Block_1",
            "Block_2",
            "head",
        ];
    }
    impl Trunk {
        /// Hands out the submodules by the names that Flax gives them, without copying an array.
        #[allow(dead_code, private_interfaces)]
        fn into_params(
            self,
        ) -> TrunkParams<Dense<4, 8>, Block, Block, Block, Dense<8, 2>> {
            let Self {
                embed: Dense_0,
                blocks: [Block_0,
                Block_1,
                Block_2,
                ],
                head: head,
            } = self;
            TrunkParams {
                Dense_0,
                Block_0,
                Block_1,
                Block_2,
                head,
            }
        }
    }
    #[automatically_derived]
    impl __private::Build for Trunk
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn build(submodules: &mut impl __private::Submodules) -> Self {
            Self {
                embed: submodules.submodule("Dense_0"),
                blocks: [
                    submodules.submodule("Block_0"),
                    submodules.submodule("Block_1"),
                    submodules.submodule("Block_2"),
                ],
                head: submodules.submodule("head"),
            }
        }
    }
    #[automatically_derived]
    impl __private::State for Trunk
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        const CLASS: &'static str = "Trunk";
        fn read(reader: &mut __private::Reader<'_>) -> Self {
            __private::Build::build(reader)
        }
        fn write(&self, writer: &mut __private::Writer<'_>) {
            writer.submodule("Dense_0", &self.embed);
            writer.submodule("Block_0", &self.blocks[0]);
            writer.submodule("Block_1", &self.blocks[1]);
            writer.submodule("Block_2", &self.blocks[2]);
            writer.submodule("head", &self.head);
        }
        fn draw(init: &mut __private::Init<'_>) -> __private::Result<Self> {
            ::core::result::Result::Ok(__private::Build::build(init))
        }
    }
    #[automatically_derived]
    impl __private::Forward for Trunk
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
            run.layer("embed", &self.embed);
            run.layer("blocks[0]", &self.blocks[0]);
            run.layer("blocks[1]", &self.blocks[1]);
            run.layer("blocks[2]", &self.blocks[2]);
            run.layer("head", &self.head);
        }
    }
};
#[allow(non_snake_case)]
const _: () = {
    use ::mlpport::__private;
    const __STRUCTURE: bool = {
        const __DIAGNOSIS: &__private::Diagnosis = &__private::diagnose(
            &__private::Plan {
                model: "NnxBlock",
                fields: &const {
                    [
                        __private::Planned::layer::<Linear<8, 32>>("linear1", "Dense_0"),
                        __private::Planned::activation::<Gelu>("gelu"),
                        __private::Planned::layer::<Linear<32, 8>>("linear2", "Dense_1"),
                    ]
                },
                ignored: &[],
                opened: &[],
                sizes: &[],
                order: __private::Order::Derived,
            },
            &[__private::Origin::of::<Block>("")],
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
    impl __private::PortFrom<Block> for NnxBlock
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn port_from(source: Block) -> Self {
            let params = __private::checked::<Block, __STRUCTURE>(source).into_params();
            Self {
                linear1: __private::Source(params.Dense_0).port::<Linear<8, 32>>(),
                gelu: ::core::default::Default::default(),
                linear2: __private::Source(params.Dense_1).port::<Linear<32, 8>>(),
            }
        }
    }
    #[automatically_derived]
    impl __private::PortFrom<&Block> for NnxBlock
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn port_from(source: &Block) -> Self {
            __private::PortFrom::port_from(__private::duplicate(source))
        }
        fn assign_from(&mut self, source: &Block) {
            __private::PortFrom::assign_from(self, __private::duplicate(source));
        }
    }
    #[automatically_derived]
    impl __private::Mapped for NnxBlock
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn pairs(pairs: &mut __private::Pairs<'_>) {
            pairs.field::<Linear<8, 32>>("Dense_0", "linear1");
            pairs.field::<Linear<32, 8>>("Dense_1", "linear2");
        }
    }
    #[automatically_derived]
    impl __private::Build for NnxBlock
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn build(submodules: &mut impl __private::Submodules) -> Self {
            Self {
                linear1: submodules.submodule("linear1"),
                gelu: ::core::default::Default::default(),
                linear2: submodules.submodule("linear2"),
            }
        }
    }
    #[automatically_derived]
    impl __private::State for NnxBlock
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        const CLASS: &'static str = "NnxBlock";
        fn read(reader: &mut __private::Reader<'_>) -> Self {
            __private::Build::build(reader)
        }
        fn write(&self, writer: &mut __private::Writer<'_>) {
            writer.submodule("linear1", &self.linear1);
            writer.submodule("linear2", &self.linear2);
        }
        fn draw(init: &mut __private::Init<'_>) -> __private::Result<Self> {
            ::core::result::Result::Ok(__private::Build::build(init))
        }
        fn overwrite(&mut self, with: Self) {
            __private::State::overwrite(&mut self.linear1, with.linear1);
            __private::State::overwrite(&mut self.linear2, with.linear2);
        }
    }
    #[automatically_derived]
    impl __private::NnxModule for NnxBlock
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {}
    #[automatically_derived]
    impl __private::Forward for NnxBlock
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
            run.layer_with_activation("linear1", &self.linear1, &self.gelu);
            run.layer("linear2", &self.linear2);
        }
    }
};
#[allow(non_snake_case)]
const _: () = {
    use ::mlpport::__private;
    const __STRUCTURE: bool = {
        const __DIAGNOSIS: &__private::Diagnosis = &__private::diagnose(
            &__private::Plan {
                model: "NnxTrunk",
                fields: &const {
                    [
                        __private::Planned::layer::<Linear<4, 8>>("embed", "Dense_0"),
                        __private::Planned::layer::<
                            Linear<8, 32>,
                        >("first_up", "Block_0/Dense_0"),
                        __private::Planned::activation::<Gelu>("gelu"),
                        __private::Planned::layer::<
                            Linear<32, 8>,
                        >("first_down", "Block_0/Dense_1"),
                        __private::Planned::layer::<NnxBlock>("blocks", "Block_1"),
                        __private::Planned::layer::<NnxBlock>("blocks", "Block_2"),
                        __private::Planned::layer::<Linear<8, 2>>("head", "head"),
                    ]
                },
                ignored: &[],
                opened: &["Block_0"],
                sizes: &[],
                order: __private::Order::Derived,
            },
            &[__private::Origin::of::<Trunk>("")],
        );
        if !__DIAGNOSIS.passed() {
            __DIAGNOSIS.report(0);
            __DIAGNOSIS.report(1);
            __DIAGNOSIS.report(2);
            __DIAGNOSIS.report(3);
            __DIAGNOSIS.report(4);
            __DIAGNOSIS.report(5);
            __DIAGNOSIS.report(6);
            __DIAGNOSIS.report(7);
        }
        __DIAGNOSIS.passed()
    };
    #[automatically_derived]
    impl __private::PortFrom<Trunk> for NnxTrunk
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn port_from(source: Trunk) -> Self {
            let params = __private::checked::<Trunk, __STRUCTURE>(source).into_params();
            let Block_0 = __private::checked::<_, __STRUCTURE>(params.Block_0)
                .into_params();
            Self {
                embed: __private::Source(params.Dense_0).port::<Linear<4, 8>>(),
                first_up: __private::Source(Block_0.Dense_0).port::<Linear<8, 32>>(),
                gelu: ::core::default::Default::default(),
                first_down: __private::Source(Block_0.Dense_1).port::<Linear<32, 8>>(),
                blocks: [
                    __private::Source(params.Block_1).port::<NnxBlock>(),
                    __private::Source(params.Block_2).port::<NnxBlock>(),
                ],
                head: __private::Source(params.head).port::<Linear<8, 2>>(),
                step: 1,
            }
        }
    }
    #[automatically_derived]
    impl __private::PortFrom<&Trunk> for NnxTrunk
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn port_from(source: &Trunk) -> Self {
            __private::PortFrom::port_from(__private::duplicate(source))
        }
        fn assign_from(&mut self, source: &Trunk) {
            __private::PortFrom::assign_from(self, __private::duplicate(source));
        }
    }
    #[automatically_derived]
    impl __private::Mapped for NnxTrunk
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn pairs(pairs: &mut __private::Pairs<'_>) {
            pairs.field::<Linear<4, 8>>("Dense_0", "embed");
            pairs.field::<Linear<8, 32>>("Block_0/Dense_0", "first_up");
            pairs.field::<Linear<32, 8>>("Block_0/Dense_1", "first_down");
            pairs.field::<NnxBlock>("Block_1", "blocks/0");
            pairs.field::<NnxBlock>("Block_2", "blocks/1");
            pairs.field::<Linear<8, 2>>("head", "head");
        }
    }
    #[automatically_derived]
    impl __private::Build for NnxTrunk
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        fn build(submodules: &mut impl __private::Submodules) -> Self {
            Self {
                embed: submodules.submodule("embed"),
                first_up: submodules.submodule("first_up"),
                gelu: ::core::default::Default::default(),
                first_down: submodules.submodule("first_down"),
                blocks: [
                    submodules.element("blocks", 0),
                    submodules.element("blocks", 1),
                ],
                head: submodules.submodule("head"),
                step: 1,
            }
        }
    }
    #[automatically_derived]
    impl __private::State for NnxTrunk
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {
        const CLASS: &'static str = "NnxTrunk";
        fn read(reader: &mut __private::Reader<'_>) -> Self {
            __private::Build::build(reader)
        }
        fn write(&self, writer: &mut __private::Writer<'_>) {
            writer.submodule("embed", &self.embed);
            writer.submodule("first_up", &self.first_up);
            writer.submodule("first_down", &self.first_down);
            writer.element("blocks", 0, &self.blocks[0]);
            writer.element("blocks", 1, &self.blocks[1]);
            writer.submodule("head", &self.head);
        }
        fn draw(init: &mut __private::Init<'_>) -> __private::Result<Self> {
            ::core::result::Result::Ok(__private::Build::build(init))
        }
        fn overwrite(&mut self, with: Self) {
            __private::State::overwrite(&mut self.embed, with.embed);
            __private::State::overwrite(&mut self.first_up, with.first_up);
            __private::State::overwrite(&mut self.first_down, with.first_down);
            __private::overwrite_all(&mut self.blocks, with.blocks);
            __private::State::overwrite(&mut self.head, with.head);
        }
    }
    #[automatically_derived]
    impl __private::NnxModule for NnxTrunk
    where
        __private::Checks: __private::Passed<__STRUCTURE>,
    {}
    #[automatically_derived]
    impl __private::Forward for NnxTrunk
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
            run.layer("embed", &self.embed);
            run.layer_with_activation("first_up", &self.first_up, &self.gelu);
            run.layer("first_down", &self.first_down);
            run.layer("blocks[0]", &self.blocks[0]);
            run.layer("blocks[1]", &self.blocks[1]);
            run.layer("head", &self.head);
        }
    }
};
