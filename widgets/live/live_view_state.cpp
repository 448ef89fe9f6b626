// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands in the table's place where there is no row to show: why, and the next step.
#include <QStackedWidget>
#include <QTimer>

#include "models/live/filter_remarks.h"
#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"
#include "widgets/live/filter_bar.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"

namespace weir {

namespace {

/// The first ones by name, how many more there are by number.
QString some_of(const QStringList& names) {
    constexpr int named_max = 3;
    const QString first = names.mid(0, named_max).join(QStringLiteral(", "));
    return names.size() <= named_max
               ? first
               : LiveView::tr("%1 and %2 more")
                     .arg(first, count_text(std::int64_t{names.size() - named_max}));
}

} // namespace

void LiveView::showState(const LiveSnapshot& snapshot, const LiveStatus& status) {
    const bool filtered_out = snapshot.filtered && snapshot.in_memory > 0 && !snapshot.scanning;
    if (snapshot.matched() > 0 || (snapshot.filtered && snapshot.scanning) ||
        (m_results && !filtered_out && m_search && !m_search->status().finished)) {
        m_stack->setCurrentWidget(m_table);
        m_state_shown.clear();
        return;
    }
    std::vector<StatePage::Action> actions;
    const QString next = m_source->next_step();
    if (!next.isEmpty() && !filtered_out)
        actions.push_back({next, [this] { m_source->take_next_step(); }, true});
    const QString connection = m_source->connection();
    const QString what = m_results      ? QStringLiteral("results")
                         : filtered_out ? QStringLiteral("filtered:") % rangeText() % u':' %
                                              m_bar->appliedText() %
                                              (isPaused() ? QStringLiteral(":paused") : QString())
                         : m_failures ? QStringLiteral("failures")
                                      : QString::number(static_cast<int>(status.state));
    const QString topics = some_of(m_source->topics());
    const QString shown =
        what % QString::number(status.caught_up) % QString::number(status.before.value_or(0) > 0) %
        QString::number(status.existing == 0u) % u'|' % status.reason % u'|' % connection % u'|' %
        topics % u'|' % (status.error ? QString::fromStdString(status.error->text()) : QString());
    const bool had_keyboard = m_table->hasFocus();
    m_stack->setCurrentWidget(m_state);
    if (shown == m_state_shown)
        return;
    m_state_shown = shown;
    fillState(snapshot, status, filtered_out, std::move(actions));
    // What is to be done next is on the page, not on whatever stands next to it.
    if (QWidget* const first = m_state->firstFocus(); had_keyboard && first != nullptr)
        QTimer::singleShot(0, first, [first] { // once it is shown
            first->setFocus(Qt::OtherFocusReason);
        });
}

void LiveView::fillState(const LiveSnapshot& snapshot, const LiveStatus& status, bool filtered_out,
                         std::vector<StatePage::Action> actions) {
    const QString connection = m_source->connection();
    if (m_failures && !filtered_out && !m_results) {
        m_state->showEmpty(tr("Nothing has failed"),
                           tr("Of all events that came since the start, each could be decoded, and "
                              "none is a dead letter."),
                           {{tr("Show all events"), [this] { showFailures(false); }, true}});
    } else if (m_results && m_search && m_search->status().error) {
        m_state->showFailed(*m_search->status().error,
                            {{tr("Back to live"), [this] { backToLive(); }, true}});
    } else if (m_results) {
        m_state->showEmpty(tr("Nothing found"), m_status->text(),
                           {{tr("Back to live"), [this] { backToLive(); }, true}});
    } else if (filtered_out) {
        if (m_bar->filter())
            actions.push_back({tr("Clear the filter"), [this] { m_bar->apply({}); }, false});
        if (snapshot.timed)
            actions.push_back({tr("Show all in memory"),
                               [this] { m_context.setTimeRange(TimeRange::everything()); },
                               !m_bar->filter()});
        if (m_source->can_search() && m_bar->filter())
            actions.push_back({tr("Search the topic…"), [this] { askSearch(); }, true});
        QString why = tr("New events are held against the filter as they come.");
        if (isPaused()) {
            why = tr("The view is paused: events that came since are not looked at.");
            actions.push_back({tr("Follow the newest events"), [this] { resume(); }, true});
        } else if (snapshot.timed) {
            why =
                tr("The time range at the top is %1; it narrows by record time.").arg(rangeText());
        }
        if (const QString remarks = filterRemarks(); !remarks.isEmpty())
            why = remarks % QLatin1Char('\n') % why;
        m_state->showEmpty(tr("No event in memory matches"), why, actions);
    } else if (status.state == LiveStatus::State::Failed && status.error) {
        m_state->showFailed(*status.error, actions);
    } else if (status.state == LiveStatus::State::Connecting) {
        m_state->showConnecting(tr("Connecting to %1…").arg(connection), status.reason, actions);
    } else if (status.state == LiveStatus::State::None) {
        m_state->showEmpty(tr("Nothing is observed"), status.reason, actions);
    } else {
        showWaiting(status, std::move(actions));
    }
}

/// Why the filter may match nothing: a slip in a path, or masking. A line each.
QString LiveView::filterRemarks() const {
    const auto filter = m_bar->filter();
    const auto vocabulary = m_source->vocabulary();
    if (!filter || !vocabulary)
        return {};
    const auto decoder = m_source->decoders()();
    QStringList lines;
    for (const std::string& remark : filter_remarks(*filter, m_source->snapshots(), vocabulary,
                                                    m_source->disclosure(), decoder.get()))
        lines.append(QString::fromStdString(remark));
    return lines.join(QLatin1Char('\n'));
}

/// Nothing has come: because there is nothing, or because reading began behind what there is.
void LiveView::showWaiting(const LiveStatus& status, std::vector<StatePage::Action> actions) {
    const QString topics = some_of(m_source->topics());
    if (!status.reason.isEmpty() || !status.caught_up) {
        m_state->showEmpty(status.caught_up ? tr("No events yet") : tr("Reading…"),
                           status.reason.isEmpty() ? tr("Waiting for events in %1.").arg(topics)
                                                   : status.reason,
                           std::move(actions));
        return;
    }
    if (status.existing == 0u) {
        m_state->showEmpty(
            tr("No records yet"),
            tr("%1: no record is there. What comes from now on is shown.").arg(topics),
            std::move(actions));
        return;
    }
    if (status.before.value_or(0) > 0 && m_source->can_read_again()) {
        using Kind = kafka::StartAt::Kind;
        actions.push_back({tr("Read the last %1 of each partition").arg(count_text(last_rows)),
                           [this] {
                               m_source->read_again({Kind::LastN, last_rows, {}, {}});
                           },
                           true});
        actions.push_back({tr("Read from the beginning"), [this] {
                               m_source->read_again({Kind::Beginning, 0, {}, {}});
                           }});
    }
    QString why = tr("Waiting for events in %1.").arg(topics);
    if (status.before.value_or(0) > 0)
        why.prepend((*status.before == 1
                         ? tr("Reading began at the end; one record stands before it. ")
                         : tr("Reading began at the end; about %1 records stand before it. ")
                               .arg(count_text(*status.before))));
    m_state->showEmpty(tr("No new events yet"), why, std::move(actions));
}

} // namespace weir
