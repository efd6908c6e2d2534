//! Archives, and a service that reads them.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test uses a part of it")]

use acr_layers_worker::Service;
use acr_layers_worker::protocol::{Filter, LayerSource, Reply, Request, Row, Side};
use sha2::Digest as _;

/// The media type of an uncompressed layer.
pub const TAR: &str = "application/vnd.oci.image.layer.v1.tar";
/// The only image.
pub const LEFT: Side = Side::Left;

/// A tar archive of these paths and contents.
pub fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, content.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

pub fn source(digit: char) -> LayerSource {
    LayerSource {
        digest: format!("sha256:{}", digit.to_string().repeat(64)),
        media_type: TAR.to_owned(),
        urls: Vec::new(),
        contents: None,
    }
}

/// A service that interrupted each of these layers at its end: their digests are not those of their bytes.
pub fn service(layers: &[&[(&str, &str)]]) -> Service {
    let mut service = Service::new([7; 16]);
    let mut digests = Vec::new();
    for (at, files) in layers.iter().enumerate() {
        let layer = source(char::from_digit(at as u32, 16).unwrap());
        digests.push(layer.digest.clone());
        service.handle(Request::Open { layer, unlimited: false }, &[]);
        for chunk in archive(files).chunks(700) {
            assert!(matches!(service.handle(Request::Push, chunk).0, Reply::Progress { .. }));
        }
        service.handle(Request::Interrupt("at the end".to_owned()), &[]);
    }
    service.handle(Request::Assemble(LEFT, digests), &[]);
    service
}

pub fn rows(service: &mut Service) -> Vec<Row> {
    match service.handle(Request::Rows(LEFT, 0, 1000), &[]).0 {
        Reply::Rows(rows) => rows,
        other => panic!("{other:?}"),
    }
}

pub fn names(service: &mut Service) -> Vec<String> {
    rows(service).iter().map(|row| row.name.clone()).collect()
}

pub fn arrange(service: &mut Service, search: &str, layer: Option<u16>) -> Reply {
    service.handle(Request::Arrange(LEFT, Filter { search: search.to_owned(), layer }), &[]).0
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn digest_of(bytes: &[u8]) -> String {
    sha2::Sha256::digest(bytes).iter().fold("sha256:".to_owned(), |all, byte| all + &format!("{byte:02x}"))
}
