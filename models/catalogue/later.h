// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An answer that is worked out elsewhere while its owner goes on: who asks again, or goes away, is
// not told of the older answer any more (law 9).
//
// Thread contract: one owner, who waits for nothing; the work has a thread of its own and keeps
// what it needs itself. Bound: what is asked for.
#pragma once

#include <functional>
#include <memory>

#include "models/event/fold/fold.h"
#include "models/event/worker_thread.h"

namespace weir {

template <class T>
class Later {
  public:
    void start(std::function<T()> work) {
        m_slot = std::make_shared<Published<T>>();
        start_worker([slot = m_slot, work = std::move(work)] {
            slot->set(std::make_shared<const T>(work()));
        });
    }
    void drop() { m_slot.reset(); }
    bool asked() const { return m_slot != nullptr; }
    /// Null: not asked, or not there yet.
    std::shared_ptr<const T> answer() const { return m_slot ? m_slot->get() : nullptr; }

  private:
    std::shared_ptr<Published<T>> m_slot;
};

} // namespace weir
