//! Icons, drawn as strokes on a 16 by 16 grid. They are decoration: the text next to them or the control's name speaks.

use leptos::prelude::*;

/// The icons there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    Logo,
    Repository,
    Folder,
    Tag,
    Manifest,
    Index,
    Artifact,
    Signature,
    Lock,
    Unlock,
    Copy,
    Check,
    Search,
    Refresh,
    Close,
    Chevron,
    Warning,
    Download,
    Columns,
    Settings,
    User,
    Pin,
    Trash,
    Stop,
    Play,
    Pause,
    Storage,
    Undo,
    Stethoscope,
    Empty,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Logo => "M8 1.5 14 5v6l-6 3.5L2 11V5zM2 5l6 3.5L14 5M8 8.5v6M5 3.3l6 3.4",
            Self::Repository => "M8 2 13.5 5v6L8 14l-5.5-3V5zM2.5 5 8 8l5.5-3M8 8v6",
            Self::Folder => "M1.5 12.5v-9h4l1.5 2h7.500v7z",
            Self::Tag => "M2 2h5.500l6.500 6.500-5.500 5.500L2 7.500zM5 5h.01",
            Self::Manifest => "M3.500 1.500h6l3 3v10h-9zM9.500 1.500v3h3M5.500 8h5M5.500 11h5",
            Self::Index => "M2 4.500 8 2l6 2.500L8 7zM2 8l6 2.500L14 8M2 11.500 8 14l6-2.500",
            Self::Artifact => {
                "M2.500 2.500h4.500v4.500H2.500zM9 9h4.500v4.500H9zM11.250 2.500v4.500M9 4.750h4.500M2.500 9h4.500L4.750 13.500z"
            }
            Self::Signature => {
                "M8 1.500 13 3.500v4c0 3.500-2.500 5.800-5 7-2.500-1.200-5-3.500-5-7v-4zM5.500 8l2 2 3.500-4"
            }
            Self::Lock => "M3.500 7h9v7h-9zM5.500 7V4.500a2.500 2.500 0 0 1 5 0V7",
            Self::Unlock => "M3.500 7h9v7h-9zM5.500 7V4.500a2.500 2.500 0 0 1 4.800-1",
            Self::Copy => "M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3",
            Self::Check => "m3 8.500 3.500 3.500L13 4.500",
            Self::Search => "M7 2.500a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9zM10.300 10.300 14 14",
            Self::Refresh => "M13.500 8a5.500 5.500 0 1 1-1.800-4.100M13.500 1.500v3h-3",
            Self::Close => "m4 4 8 8M12 4l-8 8",
            Self::Chevron => "m6 3.500 4.500 4.500L6 12.500",
            Self::Warning => "M8 2 14.500 13.500h-13zM8 6.500v3M8 11.500h.01",
            Self::Download => "M8 2v8M4.500 7 8 10.500 11.500 7M2.500 13.500h11",
            Self::Columns => "M2 2.500h12v11H2zM6 2.500v11M10 2.500v11",
            Self::Settings => "M2 4.500h7M12 4.500h2M2 11.500h2M7 11.500h7M10.500 3v3M5.500 10v3",
            Self::User => {
                "M8 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM2.500 14c.5-3 2.700-4.500 5.500-4.500s5 1.500 5.500 4.500"
            }
            Self::Pin => "M6 2h4l-.5 5 2.500 2.500H4L6.500 7zM8 9.500v5",
            Self::Trash => {
                "M2.500 4h11M6 4V2.500h4V4M4 4l.7 9.500h6.600L12 4M6.500 6.500v4.500M9.500 6.500v4.500"
            }
            Self::Stop => "M4 4h8v8H4z",
            Self::Play => "M5 3v10l8-5z",
            Self::Pause => "M5 3v10M11 3v10",
            Self::Storage => {
                "M2.500 4.500c0-3.300 11-3.300 11 0s-11 3.300-11 0v7c0 3.300 11 3.300 11 0v-7M2.500 8c0 3.300 11 3.300 11 0"
            }
            Self::Undo => "M3 6.500h6.500a3.500 3.500 0 0 1 0 7H6M3 6.500 6 3.500M3 6.500l3 3",
            Self::Stethoscope => {
                "M2.500 2v3.500a3 3 0 0 0 6 0V2M5.500 8.500V11a3 3 0 0 0 6 0V9M11.500 6.500a1.250 1.250 0 1 1 0 2.500 1.250 1.250 0 0 1 0-2.500z"
            }
            Self::Empty => "M2 9.500 4.500 3h7L14 9.500v4H2zM2 9.500h3.500l1 1.500h3l1-1.500H14",
        }
    }
}

/// One icon, sized by the text around it.
#[component]
pub(crate) fn Glyph(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=icon.path()></path>
        </svg>
    }
}
