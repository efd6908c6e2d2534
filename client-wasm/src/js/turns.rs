//! Calls that must not overtake one another: each waits until those before it are over.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// A queue of calls, first come, first served.
#[derive(Clone, Default)]
pub(super) struct Turns(Rc<RefCell<Queue>>);

#[derive(Default)]
struct Queue {
    next_id: u64,
    waiting: VecDeque<(u64, Option<Waker>)>,
}

/// A place in the queue. Dropping it, served or not, leaves the queue.
pub(super) struct Turn {
    turns: Turns,
    id: u64,
}

impl Turns {
    /// Takes the last place.
    pub(super) fn take(&self) -> Turn {
        let mut queue = self.0.borrow_mut();
        let id = queue.next_id;
        queue.next_id += 1;
        queue.waiting.push_back((id, None));
        Turn { turns: self.clone(), id }
    }
}

impl Turn {
    /// Waits until this place is the first.
    pub(super) async fn first(&self) {
        poll_fn(|context| {
            let mut queue = self.turns.0.borrow_mut();
            match queue.waiting.iter_mut().position(|(id, _)| *id == self.id) {
                Some(place @ 1..) => {
                    if let Some((_, waker)) = queue.waiting.get_mut(place) {
                        *waker = Some(context.waker().clone());
                    }
                    Poll::Pending
                }
                _ => Poll::Ready(()),
            }
        })
        .await;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let first = {
            let mut queue = self.turns.0.borrow_mut();
            queue.waiting.retain(|(id, _)| *id != self.id);
            queue.waiting.front_mut().and_then(|(_, waker)| waker.take())
        };
        if let Some(waker) = first {
            waker.wake();
        }
    }
}
