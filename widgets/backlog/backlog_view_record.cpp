// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Backlog view's way to the record that is to be read next: read, decoded, and shown as what is
// disclosed of it.
#include <QTabBar>

#include "models/backlog/backlog_words.h"
#include "widgets/backlog/backlog_pane.h"
#include "widgets/backlog/backlog_tree.h"
#include "widgets/backlog/backlog_view.h"
#include "widgets/live/detail_pane.h"

namespace weir {

void BacklogView::showNext(const GroupBacklog& group, const PartitionBacklog* partition) {
    NextShown next;
    next.group = group.group.id;
    if (partition == nullptr) {
        if (next != m_next)
            m_pane->setNextText(tr("Choose a partition to see the record that is to be read next."),
                                false);
        m_next = next;
        return;
    }
    next.at = partition->facts.at;
    const QString text = next_unread_text(*partition, group.at);
    if (!text.isEmpty())
        next.offset = partition->facts.next.offset;
    if (next == m_next)
        return; // its age is told by the facts
    m_next = next;
    m_opening = false;
    m_loader.reset();
    if (text.isEmpty())
        m_pane->setNextText(partition->assessment.nothing_unread
                                ? tr("Everything is read.")
                                : tr("What is to be read next is not known yet."),
                            false);
    else
        m_pane->setNextText(text, true);
    // The suspect is shown unasked.
    const Verdict verdict = partition->assessment.verdict;
    if (next.offset >= 0 && (verdict == Verdict::Stalled || verdict == Verdict::Stopped))
        openNext();
}

void BacklogView::openNext() {
    if (m_next.offset < 0)
        return;
    m_opening = true;
    m_source->openRecord(connection(), m_next.at, Offset(m_next.offset));
    m_pane->setNextText(tr("Reading offset %1 of %2/%3 …")
                            .arg(m_next.offset)
                            .arg(QString::fromStdString(m_next.at.topic))
                            .arg(m_next.at.partition.value()),
                        false);
}

void BacklogView::openNextByHand() {
    openNext();
    if (m_opening)
        m_pane->tabs()->setCurrentIndex(BacklogPane::Next);
}

/// Takes what was read, and then what was decoded.
void BacklogView::takeOpened() {
    if (m_opening) {
        const auto opened = m_source->openedRecord();
        if (!opened)
            return;
        m_opening = false;
        if (opened->error) {
            m_pane->setNextText(
                QStringLiteral("▲ ") + QString::fromStdString(opened->error->text()), true);
            return;
        }
        const std::string name = connection();
        m_loader = std::make_unique<EventLoader>(
            m_source->vocabulary(), m_source->disclosure(name), m_source->decoder(name),
            m_source->checker(), [this] {
                QMetaObject::invokeMethod(this, &BacklogView::takeOpened, Qt::QueuedConnection);
            });
        m_detail_token = m_loader->load(opened->segment, 0);
        m_pane->detail()->setCommandTarget(
            [this](const std::string& of) { return m_source->commandTarget(of); });
        m_pane->detail()->setLoading();
        m_pane->showDetail();
        return;
    }
    if (!m_loader)
        return;
    const auto detail = m_loader->detail();
    if (detail && detail->token == m_detail_token && detail != m_pane->detail()->detail())
        m_pane->detail()->setDetail(detail);
}

} // namespace weir
