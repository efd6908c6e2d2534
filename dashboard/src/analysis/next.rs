//! What an error means for the request that met it and for those after it.

pub(crate) use acr_inventory::Next;
