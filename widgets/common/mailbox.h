// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Through it other threads hand their answers to the GUI thread, in order. What it holds lies
// behind a lock of our own: ThreadSanitizer cannot see into Qt's queue of events, which only says
// that there is something.
//
// Thread contract: made and destroyed on the GUI thread, where letters are opened; post() from any
// thread, also when the mailbox has gone: then nobody opens the letter. Bound: the senders'.
#pragma once

#include <QObject>

#include <functional>
#include <memory>

namespace weir {

class Mailbox : public QObject {
    Q_OBJECT
  public:
    using Letter = std::function<void()>;
    /// Where letters are put; may be kept by other threads.
    class Slot;

    explicit Mailbox(QObject* parent = nullptr);
    ~Mailbox() override;

    std::shared_ptr<Slot> slot() const { return m_slot; }
    static void post(const std::shared_ptr<Slot>& slot, Letter letter);

  private:
    Q_INVOKABLE void openNext();

    const std::shared_ptr<Slot> m_slot;
};

} // namespace weir
