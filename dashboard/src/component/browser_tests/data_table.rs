//! The table of any length.

use std::ops::Range;

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Stage, attribute, focused, press, press_with, settled, until};
use crate::component::data_table::{DataTable, Head, SortBy};

const ROWS: usize = 100_000;

/// The events of a table, newest last.
#[derive(Clone, Copy)]
struct Reported {
    sorts: RwSignal<Vec<String>>,
    selections: RwSignal<Vec<(usize, bool)>>,
    rests: RwSignal<Vec<Range<usize>>>,
    count: RwSignal<usize>,
    keys: RwSignal<String>,
}

/// A table of numbered rows, each with a link to its number.
async fn table(count: usize) -> (Stage, Reported) {
    let reported = Reported {
        sorts: RwSignal::new(Vec::new()),
        selections: RwSignal::new(Vec::new()),
        rests: RwSignal::new(Vec::new()),
        count: RwSignal::new(count),
        keys: RwSignal::new(String::new()),
    };
    let stage = Stage::show(move || {
        let heads = vec![
            Head { id: "name", title: "Name", class: "c-name", sortable: true },
            Head { id: "size", title: "Size", class: "c-number", sortable: false },
        ];
        let sort = Signal::derive(move || {
            reported.sorts.with(|sorts| SortBy::parse(sorts.last().map_or("name", String::as_str)))
        });
        view! {
            <DataTable
                name="Numbers"
                heads=Signal::stored(heads)
                count=reported.count
                sort
                on_sort=Callback::new(move |sort: SortBy| reported.sorts.update(|sorts| sorts.push(sort.print())))
                key=Callback::new(move |at: usize| format!("{at}{}", reported.keys.get()))
                cells=Callback::new(|at: usize| {
                    view! {
                        <th scope="row"><a href=format!("#{at}")>{format!("row {at}")}</a></th>
                        <td>{at}</td>
                    }
                    .into_any()
                })
                on_select=Callback::new(move |asked| reported.selections.update(|all| all.push(asked)))
                on_rest=Callback::new(move |rows| reported.rests.update(|all| all.push(rows)))
            />
        }
    })
    .await;
    (stage, reported)
}

async fn scroll_to(top: f64) {
    window().scroll_to_with_x_and_y(0.0, top);
    settled().await;
}

#[wasm_bindgen_test]
async fn only_rows_near_the_screen_are_in_the_document_wherever_one_scrolls() {
    let (stage, _) = table(ROWS).await;
    assert_eq!(attribute(&stage.find("table"), "aria-rowcount"), (ROWS + 1).to_string());
    let height = f64::from(document().document_element().unwrap().scroll_height());
    for share in [0.0, 0.31, 0.62, 1.0] {
        scroll_to(height * share).await;
        // The middle of the screen shows a row, not the room for one.
        let middle = window().inner_height().unwrap().as_f64().unwrap() / 2.0;
        let in_the_middle = |row: &web_sys::HtmlElement| {
            let place = row.get_bounding_client_rect();
            place.top() <= middle && place.bottom() > middle
        };
        until("a row is drawn where one has scrolled to", || stage.all("tr.row").iter().any(in_the_middle))
            .await;
        let rows = stage.all("tr.row").len();
        assert!((10..200).contains(&rows), "{rows} rows at {share}");
    }
    let last = stage.all("tr.row").pop().unwrap();
    assert_eq!(attribute(&last, "aria-rowindex"), (ROWS + 1).to_string());
    scroll_to(0.0).await;
}

#[wasm_bindgen_test]
async fn it_reports_the_rows_that_stay_on_the_screen() {
    let (stage, reported) = table(ROWS).await;
    let last = move || reported.rests.with_untracked(|rests| rests.last().cloned().unwrap_or_default());
    until("it reports the first rows", || last().contains(&0)).await;
    let screens = |rows: usize| rows as f64 * stage.find("tr.row").get_bounding_client_rect().height();
    let height = window().inner_height().unwrap().as_f64().unwrap();
    scroll_to(1e5).await;
    scroll_to(2e5).await;
    let drawn: Vec<usize> =
        stage.all("tr.row").iter().map(|row| attribute(row, "data-row").parse().unwrap()).collect();
    until("it reports the rows that were scrolled to", || drawn.contains(&last().start)).await;
    assert!(screens(last().len()) < height * 2.0, "{:?} are more than a screen", last());
    reported.keys.set(" changed".to_owned());
    let before = reported.rests.with_untracked(Vec::len);
    until("it reports when other rows are there", || reported.rests.with_untracked(Vec::len) > before).await;
    scroll_to(0.0).await;
}

#[wasm_bindgen_test]
async fn rows_come_into_the_document_by_and_by() {
    let (stage, reported) = table(0).await;
    reported.count.set(200);
    leptos::task::tick().await;
    assert!(stage.all("tr.row").len() < 100, "not all at once");
    until("the whole table is there", || stage.all("tr.row").len() == 200).await;
}

#[wasm_bindgen_test]
async fn a_list_that_grows_or_shrinks_keeps_its_window_within() {
    let (stage, reported) = table(3).await;
    assert_eq!(stage.all("tr.row").len(), 3);
    reported.count.set(ROWS);
    settled().await;
    assert!(stage.all("tr.row").len() < 200);
    scroll_to(1e6).await;
    reported.count.set(1);
    settled().await;
    assert_eq!(stage.all("tr.row").len(), 1);
    reported.count.set(0);
    settled().await;
    assert_eq!(stage.all("tbody tr").len(), 0);
}

#[wasm_bindgen_test]
async fn a_row_is_drawn_again_only_when_its_key_changes() {
    let (stage, reported) = table(5).await;
    let before = stage.all("tr.row");
    reported.count.set(6);
    settled().await;
    let kept = stage.all("tr.row");
    assert!(before.iter().zip(&kept).all(|(a, b)| a == b));
    reported.keys.set(" changed".to_owned());
    settled().await;
    assert!(kept.iter().zip(&stage.all("tr.row")).all(|(a, b)| a != b));
}

#[wasm_bindgen_test]
async fn a_header_sorts_and_says_how_it_is_sorted() {
    let (stage, reported) = table(3).await;
    assert_eq!(attribute(&stage.find("th"), "aria-sort"), "ascending");
    stage.click("th button").await;
    assert_eq!(reported.sorts.get_untracked(), ["-name"]);
    assert_eq!(attribute(&stage.find("th"), "aria-sort"), "descending");
    stage.click("th button").await;
    assert_eq!(reported.sorts.get_untracked(), ["-name", "name"]);
    assert_eq!(stage.all("thead button").len(), 1, "what cannot be sorted by is no button");
}

#[wasm_bindgen_test]
async fn j_and_k_move_and_x_selects() {
    let (stage, reported) = table(ROWS).await;
    assert!(!press("x").await, "nothing to select yet");
    for expected in ["row 0", "row 1", "row 2"] {
        press("j").await;
        assert_eq!(focused().text_content().unwrap(), expected);
    }
    press("k").await;
    assert_eq!(focused().text_content().unwrap(), "row 1");
    assert_eq!(stage.find("tr.is-active").text_content().unwrap(), "row 11");
    press("x").await;
    press("j").await;
    press_with("X", true).await;
    assert_eq!(reported.selections.get_untracked(), [(1, false), (2, true)]);
    reported.count.set(2);
    settled().await;
    press("j").await;
    assert_eq!(focused().text_content().unwrap(), "row 1", "the last row is the last to move to");
}

#[wasm_bindgen_test]
async fn keys_do_nothing_once_the_table_is_gone() {
    let (stage, reported) = table(3).await;
    drop(stage);
    settled().await;
    assert!(!press("j").await && !press("x").await);
    assert!(reported.selections.get_untracked().is_empty());
}
