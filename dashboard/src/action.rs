//! What is changed in a registry and what follows from it: plans, their impact, and carrying them out. No views.

pub(crate) mod batch;
pub(crate) mod dependents;
pub(crate) mod impact;
pub(crate) mod kept;
pub(crate) mod outcome;
pub(crate) mod plan;
pub(crate) mod run;
pub(crate) mod survey;
pub(crate) mod undo;
