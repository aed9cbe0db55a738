// SPDX-License-Identifier: Apache-2.0

/// What a verb at the head of a statement says about what follows it.
enum VerbClass: Sendable, Hashable {
    /// Names a fault by itself: ignore, confuse, misstate.
    case error
    /// Keeps away from something: avoid, refrain.
    case avoidance
    /// Warns of something, or does what is good by itself: caution, distinguish, remain.
    case virtue
    /// Brings up something as true or advisable: suggest, claim, recommend.
    case assertion
    /// Brings up something to make it understood: explain, address, provide.
    case explanation
    /// Brings up something: mention, state, identify.
    case mention
    /// Leaves something out: exclude.
    case exclusion
    /// Speaks about how responses are graded: flag, penalize.
    case sanction
    /// Leaves undone what has to be done: fail to, neglect to.
    case failure
}
