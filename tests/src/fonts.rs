//! The fonts that pictures are taken with: a package of the journeys' lockfile and a fontconfig file of our own, so that text looks the
//! same on every machine, whatever fonts are installed on it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// The variable by which fontconfig finds its configuration.
pub const VARIABLE: &str = "FONTCONFIG_FILE";

/// Where npm puts the fonts.
const FONTS: &str = "journeys/node_modules/dejavu-fonts-ttf/ttf";

/// Generic families with the font that stands for each.
const FAMILIES: [(&str, &str); 4] = [
    ("sans-serif", "DejaVu Sans"),
    ("system-ui", "DejaVu Sans"),
    ("serif", "DejaVu Serif"),
    ("monospace", "DejaVu Sans Mono"),
];

/// The font for every other family, such as the browser's own name for the desktop's font.
const FALLBACK: &str = "DejaVu Sans";

/// Writes the fontconfig file into `target/journeys` and returns its path.
///
/// # Errors
/// The fonts are not installed.
pub fn configuration() -> Result<PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fonts = tests.join(FONTS);
    ensure!(fonts.is_dir(), "{} does not exist: run `npm ci` in tests/journeys", fonts.display());
    let folder = tests.join("../target/journeys");
    std::fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    let file = folder.join("fonts.conf");
    // Browsers that start at the same time read it while it is written: only a complete file ever has the name.
    let mut next = tempfile::NamedTempFile::new_in(&folder)?;
    std::io::Write::write_all(&mut next, text(&fonts, &folder).as_bytes())?;
    next.persist(&file).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

fn text(fonts: &Path, folder: &Path) -> String {
    let alias = |(family, font): &(&str, &str)| {
        format!(
            "  <match target=\"pattern\"><test name=\"family\"><string>{family}</string></test>\
             <edit name=\"family\" mode=\"assign\" binding=\"strong\"><string>{font}</string></edit></match>\n"
        )
    };
    let aliases: String = FAMILIES.iter().map(alias).collect();
    // Without it the first font of the folder would be used, which has serifs.
    let fallback = format!(
        "  <match target=\"pattern\"><edit name=\"family\" mode=\"append_last\"><string>{FALLBACK}</string></edit></match>\n"
    );
    let (fonts, cache) = (fonts.display(), folder.join("fontconfig"));
    let cache = cache.display();
    format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n<fontconfig>\n  <dir>{fonts}</dir>\n  \
         <cachedir>{cache}</cachedir>\n{aliases}{fallback}  <match target=\"font\">\
         <edit name=\"antialias\" mode=\"assign\"><bool>true</bool></edit>\
         <edit name=\"hintstyle\" mode=\"assign\"><const>hintslight</const></edit>\
         <edit name=\"rgba\" mode=\"assign\"><const>none</const></edit></match>\n</fontconfig>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_generic_family_is_one_of_the_fonts_and_no_other_folder_is_read() {
        let text = text(Path::new("/fonts"), Path::new("/work"));
        assert_eq!(text.matches("<dir>").count(), 1);
        for (family, font) in FAMILIES {
            assert!(text.contains(&format!("<string>{family}</string>")), "{text}");
            assert!(text.contains(&format!("<string>{font}</string>")), "{text}");
        }
    }
}
