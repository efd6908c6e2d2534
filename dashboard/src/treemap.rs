//! A treemap: areas in proportion to sizes, as close to squares as they get (Bruls, Huizing and van Wijk, 2000). Pure.

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    fn shorter(self) -> f64 {
        self.width.min(self.height)
    }
}

/// Divides `whole` among sizes, which have to come largest first. Sizes of zero get no area.
pub(crate) fn squarify(sizes: &[u64], whole: Area) -> Vec<Area> {
    let total: f64 = sizes.iter().map(|size| *size as f64).sum();
    if total <= 0.0 {
        return sizes.iter().map(|_| Area { width: 0.0, height: 0.0, ..whole }).collect();
    }
    let scale = whole.width * whole.height / total;
    let mut rest: &[u64] = sizes;
    let mut free = whole;
    let mut areas = Vec::with_capacity(sizes.len());
    while !rest.is_empty() {
        let side = free.shorter().max(f64::MIN_POSITIVE);
        let mut taken = 1;
        // A row takes one more for as long as that makes its worst rectangle no worse.
        while taken < rest.len() && worst(rest, taken + 1, side, scale) <= worst(rest, taken, side, scale) {
            taken += 1;
        }
        let (row, after) = rest.split_at(taken);
        free = lay_out(row, free, scale, &mut areas);
        rest = after;
    }
    areas
}

/// The worst ratio of sides among the first `count`, laid out along a side.
fn worst(sizes: &[u64], count: usize, side: f64, scale: f64) -> f64 {
    let row = || sizes.iter().take(count).map(|size| *size as f64 * scale);
    let sum: f64 = row().sum();
    let (largest, smallest) =
        row().fold((0.0_f64, f64::MAX), |(max, min), area| (max.max(area), min.min(area)));
    if smallest <= 0.0 {
        return f64::MAX;
    }
    (side * side * largest / (sum * sum)).max(sum * sum / (side * side * smallest))
}

/// Lays a row along the shorter side and returns what is left free.
fn lay_out(row: &[u64], free: Area, scale: f64, areas: &mut Vec<Area>) -> Area {
    let sum: f64 = row.iter().map(|size| *size as f64 * scale).sum();
    let upright = free.width >= free.height;
    let depth = if free.shorter() > 0.0 { sum / free.shorter() } else { 0.0 };
    let mut along = 0.0;
    for size in row {
        let length = if depth > 0.0 { *size as f64 * scale / depth } else { 0.0 };
        areas.push(if upright {
            Area { x: free.x, y: free.y + along, width: depth, height: length }
        } else {
            Area { x: free.x + along, y: free.y, width: length, height: depth }
        });
        along += length;
    }
    if upright {
        Area { x: free.x + depth, width: (free.width - depth).max(0.0), ..free }
    } else {
        Area { y: free.y + depth, height: (free.height - depth).max(0.0), ..free }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Area = Area { x: 0.0, y: 0.0, width: 100.0, height: 50.0 };

    #[test]
    fn areas_are_in_proportion_and_inside() {
        let sizes = [600, 300, 200, 100, 100, 7];
        let areas = squarify(&sizes, WHOLE);
        let total: u64 = sizes.iter().sum();
        for (size, area) in sizes.iter().zip(&areas) {
            let expected = 5000.0 * *size as f64 / total as f64;
            assert!((area.width * area.height - expected).abs() < 1e-6, "{size}: {area:?}");
            assert!(area.x >= -1e-9 && area.y >= -1e-9, "{area:?}");
            assert!(area.x + area.width <= 100.0 + 1e-6 && area.y + area.height <= 50.0 + 1e-6, "{area:?}");
        }
    }

    #[test]
    fn equal_sizes_are_nearly_square() {
        for area in squarify(&[1; 8], WHOLE) {
            let ratio = area.width / area.height;
            assert!((0.4..=2.5).contains(&ratio), "{area:?}");
        }
    }

    #[test]
    fn nothing_has_no_area() {
        assert!(squarify(&[], WHOLE).is_empty());
        assert!(squarify(&[0, 0], WHOLE).iter().all(|area| area.width * area.height == 0.0));
    }
}
