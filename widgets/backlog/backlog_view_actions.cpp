// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Backlog view's commands, and the command lines that are copied from it.
#include <QAction>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

#include "models/live/group_commands.h"
#include "widgets/backlog/backlog_pane.h"
#include "widgets/backlog/backlog_tree.h"
#include "widgets/backlog/backlog_view.h"
#include "widgets/common/controls.h"
#include "widgets/common/copy.h"

namespace weir {

void BacklogView::makeCommands() {
    addSearchCommand(tr("Backlog: search"));
    addCommand(tr("Backlog: only groups that need attention"), {}, [this] { m_bad->toggle(); });
    addCommand(tr("Backlog: open the next unread record"), {}, [this] { openNextByHand(); });
    addCommand(tr("Backlog: copy as weir lag"), {}, [this] { copy(QStringLiteral("lag")); });
}

void BacklogView::fillConnections() {
    const std::vector<std::string> all = m_source->connections();
    m_connections->setVisible(all.size() > 1);
    const QString text = QString::fromStdString(connection());
    const QString label = text + QStringLiteral(" ▾");
    if (all.size() < 2 || m_connections->text() == label)
        return;
    m_connections->setText(label);
    auto* const menu = new QMenu(m_connections);
    for (const std::string& name : all)
        menu->addAction(QString::fromStdString(name), this, [this, name] {
            m_connection = QString::fromStdString(name);
            refresh();
            Q_EMIT moved();
        });
    QMenu* const before = m_connections->menu();
    m_connections->setMenu(menu);
    if (before != nullptr)
        before->deleteLater();
}

QString BacklogView::copyText(const QString& what) const {
    const QModelIndex at = m_tree->currentIndex();
    const GroupBacklog* const group = m_tree->backlogModel()->groupAt(at);
    if (group == nullptr)
        return {};
    const CommandTarget target = m_source->commandTarget(connection());
    if (what == QStringLiteral("lag"))
        return QString::fromStdString(weir_lag_command(target, group->group.id));
    const PartitionBacklog* const partition = m_tree->backlogModel()->partitionAt(at);
    if (partition == nullptr)
        return {};
    const PartitionFacts& p = partition->facts;
    const GroupPlace place{group->group.id, p.at.topic, p.at.partition};
    const bool has_next = p.next.is_record() && p.next.holds_for(p.committed, p.end);
    if (what == QStringLiteral("read") && has_next)
        return QString::fromStdString(
            weir_command(target, {p.at.topic, p.at.partition, Offset(p.next.offset)}));
    if (what == QStringLiteral("skip") && has_next)
        return QString::fromStdString(skip_record_command(target, place, p.next.offset));
    if (what == QStringLiteral("reset") && p.begin >= 0)
        return QString::fromStdString(move_group_command(target, place, p.begin));
    return {};
}

void BacklogView::fillCopies() {
    QMenu* menu = m_pane->copyButton()->menu();
    if (menu == nullptr) {
        menu = new QMenu(m_pane->copyButton());
        m_pane->copyButton()->setMenu(menu);
        // Filled when it is opened: what there is to copy changes with every look.
        connect(menu, &QMenu::aboutToShow, this, [this, menu] {
            menu->clear();
            const auto add = [&](const QString& text, const QString& what) {
                if (!copyText(what).isEmpty())
                    menu->addAction(text, this, [this, what] { copy(what); });
            };
            add(tr("as weir lag, for this group"), QStringLiteral("lag"));
            add(tr("as weir search, for the next unread record"), QStringLiteral("read"));
            add(tr("the command that would skip the next unread record"), QStringLiteral("skip"));
            add(tr("the command that would go back to the log's start"), QStringLiteral("reset"));
        });
    }
}

void BacklogView::copy(const QString& what) {
    const QString text = copyText(what);
    if (text.isEmpty())
        return;
    copy_text(text);
    const bool moves = what == QStringLiteral("skip") || what == QStringLiteral("reset");
    note(moves ? tr("Copied. Weir does not run it; stop the group first.") : tr("Copied."));
}

QList<PaletteEntry> BacklogView::paletteEntries() const {
    QList<PaletteEntry> entries;
    auto* const self = const_cast<BacklogView*>(this);
    constexpr std::size_t most = 2'000;
    if (!m_snapshot)
        return entries;
    for (const auto& group : m_snapshot->groups) {
        if (static_cast<std::size_t>(entries.size()) >= most)
            break;
        const QString id = QString::fromStdString(group->group.id);
        entries.append({id, tr("Consumer group"), [self, id] {
                            Q_EMIT self->openRequested(self->id(), {{QStringLiteral("group"), id}});
                        }});
    }
    return entries;
}

} // namespace weir
