// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/mailbox.h"

#include <deque>
#include <mutex>
#include <utility>

namespace weir {

class Mailbox::Slot {
  public:
    std::mutex mutex; // guards what follows
    std::deque<Letter> letters;
    Mailbox* mailbox = nullptr; // null: it has gone
};

Mailbox::Mailbox(QObject* parent)
    : QObject(parent)
    , m_slot(std::make_shared<Slot>()) {
    m_slot->mailbox = this;
}

Mailbox::~Mailbox() {
    std::deque<Letter> unopened; // is destroyed after the lock
    const std::lock_guard lock(m_slot->mutex);
    m_slot->mailbox = nullptr;
    unopened.swap(m_slot->letters);
}

void Mailbox::post(const std::shared_ptr<Slot>& slot, Letter letter) {
    const std::lock_guard lock(slot->mutex);
    if (slot->mailbox == nullptr)
        return;
    slot->letters.push_back(std::move(letter));
    QMetaObject::invokeMethod(slot->mailbox, "openNext", Qt::QueuedConnection);
}

/// One at a time: what a letter does may be the end of the mailbox.
void Mailbox::openNext() {
    Letter letter;
    {
        const std::lock_guard lock(m_slot->mutex);
        letter = std::move(m_slot->letters.front());
        m_slot->letters.pop_front();
    }
    letter();
}

} // namespace weir
