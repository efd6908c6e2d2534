//! What callers give: texts that are texts, options of the right form, names that are names. Whatever is wrong is an `invalid-input`
//! error, which never quotes a value: it may be a secret. Read member by member: deserialising these few options with serde was measured
//! at a fifth of the whole package.

use std::str::FromStr;

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::error::Error;
use crate::name::NameError;

/// A text that an argument must be.
pub(super) fn text(operation: &'static str, what: &str, value: &JsValue) -> Result<String, Error> {
    value.as_string().ok_or_else(|| Error::invalid_input(operation, format!("{what} must be a string")))
}

/// A name: of a repository, a tag, a digest or a reference.
pub(super) fn name<T: FromStr<Err = NameError>>(
    operation: &'static str,
    what: &str,
    value: &JsValue,
) -> Result<T, Error> {
    let text = text(operation, what, value)?;
    text.parse().map_err(|error: NameError| Error::invalid_input(operation, error.to_string()))
}

/// The members of an object that a caller gave, each checked when it is asked for. One that is `null` is not there.
pub(super) struct Given<'a> {
    operation: &'static str,
    object: &'a JsValue,
}

impl<'a> Given<'a> {
    /// Options; `undefined` and `null` have no members.
    pub(super) fn options(operation: &'static str, value: &'a JsValue) -> Result<Self, Error> {
        if value.is_undefined() || value.is_null() {
            return Ok(Self { operation, object: value });
        }
        Self::object(operation, "options", value)
    }

    /// An object that an argument must be.
    pub(super) fn object(operation: &'static str, what: &str, value: &'a JsValue) -> Result<Self, Error> {
        if !value.is_object() {
            return Err(Error::invalid_input(operation, format!("{what} must be an object")));
        }
        Ok(Self { operation, object: value })
    }

    /// A member as it is, `None` where it is `undefined` or `null`.
    pub(super) fn member(&self, name: &str) -> Option<JsValue> {
        let member = Reflect::get(self.object, &JsValue::from_str(name)).ok()?;
        (!member.is_undefined() && !member.is_null()).then_some(member)
    }

    /// A member that must be a string where it is there.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Error> {
        self.member(name).map(|member| text(self.operation, name, &member)).transpose()
    }

    /// A member that must be there and a string.
    pub(super) fn required_text(&self, name: &str) -> Result<String, Error> {
        text(self.operation, name, &self.member(name).unwrap_or(JsValue::UNDEFINED))
    }

    /// A member that must be a number where it is there.
    pub(super) fn number(&self, name: &str) -> Result<Option<f64>, Error> {
        let number = |member: JsValue| member.as_f64().ok_or_else(|| self.refuse(name, "a number"));
        self.member(name).map(number).transpose()
    }

    /// A member that must be a whole number, 0 or more, where it is there.
    pub(super) fn whole(&self, name: &str) -> Result<Option<u64>, Error> {
        const LARGEST: f64 = 9_007_199_254_740_991.0;
        let Some(number) = self.number(name)? else { return Ok(None) };
        if number.trunc() != number || !(0.0..=LARGEST).contains(&number) {
            return Err(self.refuse(name, "a whole number, 0 or more"));
        }
        Ok(Some(number as u64))
    }

    /// The same within 32 bits.
    pub(super) fn small(&self, name: &str) -> Result<Option<u32>, Error> {
        let small = |whole: u64| u32::try_from(whole).map_err(|_| self.refuse(name, "smaller"));
        self.whole(name)?.map(small).transpose()
    }

    fn refuse(&self, name: &str, form: &str) -> Error {
        Error::invalid_input(self.operation, format!("{name} must be {form}"))
    }
}
