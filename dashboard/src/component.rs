//! The pieces screens are made of. They know text, numbers and callbacks; never the client, a session or a route.

pub(crate) mod chip;
pub(crate) mod column_menu;
pub(crate) mod combo_box;
pub(crate) mod copy_button;
pub(crate) mod data_table;
pub(crate) mod dialog;
pub(crate) mod digest;
pub(crate) mod empty_state;
pub(crate) mod error_state;
pub(crate) mod export_buttons;
pub(crate) mod facts;
pub(crate) mod growing;
pub(crate) mod heading;
pub(crate) mod icon;
pub(crate) mod kind_icon;
pub(crate) mod layer_bars;
pub(crate) mod list_bar;
pub(crate) mod lock_chip;
pub(crate) mod long_text;
pub(crate) mod menu;
pub(crate) mod outside_link;
pub(crate) mod pasted_lines;
pub(crate) mod plain_table;
pub(crate) mod search_box;
pub(crate) mod skeleton;
pub(crate) mod switch;
pub(crate) mod table_keys;
pub(crate) mod table_window;
pub(crate) mod tabs;
pub(crate) mod tag_chips;
pub(crate) mod timestamp;
pub(crate) mod toast;
pub(crate) mod treemap_view;

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests;
