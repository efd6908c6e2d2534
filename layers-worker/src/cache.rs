//! What is kept in IndexedDB up to a quota: indexes of layers by digest, and what analyses read of manifests. Those used longest ago go first.
//! Whatever fails here means only that something is read again.

use idb::{Database, DatabaseEvent as _, Error, Factory, ObjectStoreParams, Query, TransactionMode};
use js_sys::{Array, Date, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbDatabase;

/// The database. The page removes it to clear it.
pub const DATABASE: &str = "acr-dashboard.layers";
/// Key → bytes. The key of a layer's index is the layer's digest.
const INDEXES: &str = "indexes";
/// Key → number of bytes and when it was used last, in milliseconds since 1970-01-01 UTC.
const USES: &str = "uses";
/// The key of fingerprints.
const KEYS: &str = "keys";
/// Bytes that are kept.
const QUOTA: f64 = 256.0 * 1024.0 * 1024.0;

/// The open database.
#[derive(Debug)]
pub struct Cache(Database);

impl Cache {
    /// Opens the database; `None` where the browser has or allows none.
    pub async fn open() -> Option<Self> {
        let factory = Factory::new().ok()?;
        let mut request = factory.open(DATABASE, Some(1)).ok()?;
        request.on_upgrade_needed(|event| {
            let Ok(database) = event.database() else { return };
            for store in [INDEXES, USES, KEYS] {
                // Fails where the store exists, which is as good.
                let _ = database.create_object_store(store, ObjectStoreParams::new());
            }
        });
        let mut database = request.await.ok()?;
        // The page removes the database to clear it, which waits for connections to be closed. Later uses fail, and layers are read.
        database.on_version_change(|event| {
            if let Some(database) = event.current_target().and_then(|it| it.dyn_into::<IdbDatabase>().ok()) {
                database.close();
            }
        });
        Some(Self(database))
    }

    /// The key of fingerprints: that of earlier visits, or `fresh`, which is kept for later ones.
    pub async fn key(&self, fresh: [u8; 16]) -> Option<[u8; 16]> {
        let known = self.read(KEYS, KEYS).await.ok().flatten();
        let known = known.and_then(|known| known.dyn_into::<Uint8Array>().ok()).map(|known| known.to_vec());
        if let Some(known) = known.and_then(|known| known.try_into().ok()) {
            return Some(known);
        }
        self.write(KEYS, KEYS, &Uint8Array::from(fresh.as_slice())).await.ok().map(|()| fresh)
    }

    /// The keys that begin with a prefix, in their order.
    pub async fn keys(&self, prefix: &str) -> Vec<String> {
        self.all_keys().await.unwrap_or_default().into_iter().filter(|key| key.starts_with(prefix)).collect()
    }

    async fn all_keys(&self) -> Result<Vec<String>, Error> {
        let transaction = self.0.transaction(&[INDEXES], TransactionMode::ReadOnly)?;
        let keys = transaction.object_store(INDEXES)?.get_all_keys(None, None)?.await?;
        Ok(keys.into_iter().filter_map(|key| key.as_string()).collect())
    }

    /// What is kept under a key.
    pub async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let bytes = self.read(INDEXES, key).await.ok()??.dyn_into::<Uint8Array>().ok()?.to_vec();
        // A use that is not noted makes the entry go earlier, no more.
        let _ = self.write(USES, key, &use_of(bytes.len())).await;
        Some(bytes)
    }

    /// What is kept under several keys, as far as it can be read, in two transactions.
    pub async fn get_all(&self, keys: &[String]) -> Vec<Vec<u8>> {
        let mut found = Vec::with_capacity(keys.len());
        // Less than all means only that something is read again.
        let _ = self.read_all(keys, &mut found).await;
        let uses = keys.iter().zip(&found).map(|(key, bytes)| (key.as_str(), use_of(bytes.len())));
        // Uses that are not noted make the entries go earlier, no more.
        let _ = self.write_all(USES, uses).await;
        found
    }

    async fn read_all(&self, keys: &[String], found: &mut Vec<Vec<u8>>) -> Result<(), Error> {
        let transaction = self.0.transaction(&[INDEXES], TransactionMode::ReadOnly)?;
        let store = transaction.object_store(INDEXES)?;
        for key in keys {
            let value = store.get(Query::Key(key.as_str().into()))?.await?;
            let bytes = value.and_then(|value| value.dyn_into::<Uint8Array>().ok());
            found.push(bytes.map(|bytes| bytes.to_vec()).unwrap_or_default());
        }
        Ok(())
    }

    async fn write_all<'a>(
        &self,
        name: &str,
        values: impl Iterator<Item = (&'a str, JsValue)>,
    ) -> Result<(), Error> {
        let transaction = self.0.transaction(&[name], TransactionMode::ReadWrite)?;
        let store = transaction.object_store(name)?;
        for (key, value) in values {
            store.put(&value, Some(&key.into()))?.await?;
        }
        transaction.commit()?.await?;
        Ok(())
    }

    /// Keeps bytes under a key. Returns whether they are kept: a full or forbidden database keeps nothing.
    pub async fn put(&self, key: &str, bytes: &[u8]) -> bool {
        self.try_put(key, bytes).await.is_ok()
    }

    async fn try_put(&self, key: &str, bytes: &[u8]) -> Result<(), Error> {
        self.make_room(bytes.len() as f64).await?;
        self.write(INDEXES, key, &Uint8Array::from(bytes)).await?;
        self.write(USES, key, &use_of(bytes.len())).await
    }

    /// Removes what was used longest ago, until `bytes` more fit.
    async fn make_room(&self, bytes: f64) -> Result<(), Error> {
        let transaction = self.0.transaction(&[USES], TransactionMode::ReadOnly)?;
        let store = transaction.object_store(USES)?;
        let keys = store.get_all_keys(None, None)?.await?;
        let uses = store.get_all(None, None)?.await?;
        let mut all: Vec<(f64, f64, JsValue)> = keys
            .into_iter()
            .zip(uses)
            .map(|(key, used)| {
                let used = Array::from(&used);
                (used.get(1).as_f64().unwrap_or(0.0), used.get(0).as_f64().unwrap_or(0.0), key)
            })
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut total = all.iter().map(|(_, size, _)| size).sum::<f64>() + bytes;
        for (_, size, key) in all {
            if total <= QUOTA {
                break;
            }
            total -= size;
            for name in [INDEXES, USES] {
                let transaction = self.0.transaction(&[name], TransactionMode::ReadWrite)?;
                transaction.object_store(name)?.delete(Query::Key(key.clone()))?.await?;
                transaction.commit()?.await?;
            }
        }
        Ok(())
    }

    async fn read(&self, name: &str, key: &str) -> Result<Option<JsValue>, Error> {
        let transaction = self.0.transaction(&[name], TransactionMode::ReadOnly)?;
        transaction.object_store(name)?.get(Query::Key(key.into()))?.await
    }

    async fn write(&self, name: &str, key: &str, value: &JsValue) -> Result<(), Error> {
        let transaction = self.0.transaction(&[name], TransactionMode::ReadWrite)?;
        transaction.object_store(name)?.put(value, Some(&key.into()))?.await?;
        transaction.commit()?.await?;
        Ok(())
    }
}

fn use_of(bytes: usize) -> JsValue {
    Array::of2(&(bytes as f64).into(), &Date::now().into()).into()
}
