//! A treemap drawn as SVG. A picture: a table next to it says the same in words.

use leptos::prelude::*;

use crate::format;
use crate::treemap::{Area, squarify};

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 320.0;

/// Areas in proportion to sizes in bytes; the largest first.
#[component]
pub(crate) fn TreemapView(items: Vec<(String, u64)>) -> impl IntoView {
    let sizes: Vec<u64> = items.iter().map(|(_, size)| *size).collect();
    let areas = squarify(&sizes, Area { x: 0.0, y: 0.0, width: WIDTH, height: HEIGHT });
    let cells = items.into_iter().zip(areas).enumerate().map(|(position, ((name, size), area))| {
        let title = format!("{name}: {}", format::size(size));
        // Text where there is room for a word of it: the first word above, the rest below it.
        let fits = ((area.width - 14.0) / 9.2).max(0.0) as usize;
        let lines: Vec<String> = name.splitn(2, ' ').map(|line| cut(line, fits)).collect();
        let room = if fits < 4 { 0 } else { ((area.height - 6.0) / 18.0).max(0.0) as usize };
        let lines = lines.into_iter().take(room).enumerate().map(|(line, text)| {
            let y = area.y + 19.0 + 17.0 * line as f64;
            view! { <text class="treemap-text" x=number(area.x + 8.0) y=number(y)>{text}</text> }
        });
        let lines = lines.collect_view();
        view! {
            <g>
                <title>{title}</title>
                <rect
                    class=format!("treemap-cell tone-{}", position % 5 + 1)
                    x=number(area.x + 1.0)
                    y=number(area.y + 1.0)
                    width=number((area.width - 2.0).max(0.5))
                    height=number((area.height - 2.0).max(0.5))
                    rx="3"
                ></rect>
                {lines}
            </g>
        }
    });
    let cells = cells.collect_view();
    view! {
        <svg class="treemap" viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true">{cells}</svg>
    }
}

/// Bars of equal width, one a period, as high as their sizes in bytes.
#[component]
pub(crate) fn BarChart(bars: Vec<(String, u64)>) -> impl IntoView {
    let ends = [bars.first(), bars.last()].map(|end| end.map(|(name, _)| name.clone()).unwrap_or_default());
    let [first, last] = ends;
    let several = bars.len() > 1;
    let highest = bars.iter().map(|(_, size)| *size).max().unwrap_or(1).max(1) as f64;
    let step = WIDTH / bars.len().max(1) as f64;
    let rects = bars.into_iter().enumerate().map(|(position, (name, size))| {
        let height = 110.0 * size as f64 / highest;
        let height = if size > 0 { height.max(2.0) } else { 0.0 };
        view! {
            <rect
                class="tone-1"
                x=number(position as f64 * step + 2.0)
                y=number(120.0 - height)
                width=number((step - 4.0).max(1.0))
                height=number(height)
                rx="2"
            >
                <title>{format!("{name}: {}", format::size(size))}</title>
            </rect>
        }
    });
    let rects = rects.collect_view();
    view! {
        <svg class="bar-chart" viewBox=format!("0 0 {WIDTH} 122") preserveAspectRatio="none" aria-hidden="true">
            {rects}
            <line class="axis" x1="0" y1="121" x2=number(WIDTH) y2="121"></line>
        </svg>
        <p class="chart-ends" aria-hidden="true">
            <span>{first}</span>
            {several.then(|| view! { <span>{last}</span> })}
        </p>
    }
}

/// As much of a line as fits, in characters.
fn cut(line: &str, fits: usize) -> String {
    if line.chars().count() <= fits {
        return line.to_owned();
    }
    line.chars().take(fits.saturating_sub(1)).chain(['…']).collect()
}

fn number(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_line_that_does_not_fit_says_so() {
        assert_eq!(cut("linux/arm64", 11), "linux/arm64");
        assert_eq!(cut("linux/arm64", 6), "linux…");
        assert_eq!(cut("äöü", 2), "ä…");
    }
}
