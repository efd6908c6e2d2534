//! Faults on demand: what can go wrong, when, and the decision for each request. How a fault is carried out on a
//! response is `response/fault.rs`.

mod decide;
mod entra;
mod kind;
mod notation;
mod plan;
mod rule;
mod throttle;

pub(crate) use decide::Faults;
pub use entra::EntraRefusal;
pub use kind::Fault;
pub use plan::FaultPlan;
pub use rule::FaultRule;
pub use throttle::Throttle;
