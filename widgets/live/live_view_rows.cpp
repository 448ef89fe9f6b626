// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which rows the Live view shows, and in which order: all or the failures alone, as they came or
// sorted.
#include <QAction>
#include <QMenu>
#include <QPushButton>

#include "models/contract/contract_violation_finder.h"
#include "models/live/failures.h"
#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"
#include "widgets/live/column_model.h"
#include "widgets/live/detail_pane.h"
#include "widgets/live/filter_bar.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"

namespace weir {

LiveFeedOptions LiveView::feedOptions() const {
    LiveFeedOptions options;
    options.vocabulary = m_source->vocabulary();
    options.rules = feedRules();
    options.spill_bytes_max = m_source->spill_bytes_max();
    return options;
}

LiveFeedRules LiveView::feedRules() const {
    return {m_source->disclosure(), m_source->decoders(),
            contract_violation_finders(m_source->checkers())};
}

/// Other contracts or another masking: what is held stays, and so does the place of the user, but
/// nothing that was made by the old rules. Where a filter is asked anew, or an order is void, the
/// selected row is looked for among those that come.
void LiveView::applyRules() {
    m_rules = m_source->rules();
    if (m_results) {
        backToLive();
        note(tr("Contracts or masking changed: search again"));
    }
    const bool keeps_rows = !m_bar->filter() && !m_order.wanted();
    const auto selected = keeps_rows ? std::nullopt : selectedPlace();
    for (LiveFeed* rows : {m_live.get(), m_failures.get()})
        if (rows != nullptr)
            rows->set_rules(feedRules());
    makeLoader();
    m_order.reset(m_source->vocabulary(), m_source->disclosure(), m_source->decoders());
    m_table->showSorting(std::nullopt, false);
    m_table->changeReader(makeReader());
    m_detail->setDetail(nullptr);
    m_detail_card->hide();
    openCurrent(false);
    if (selected) {
        m_jump = feed()->jump(*selected);
        m_jump_back = true;
    }
}

/// What the table gets: the feed's rows, sorted once they stand still.
std::shared_ptr<const LiveSnapshot> LiveView::shownSnapshot() {
    const auto base = feed()->snapshot();
    const bool found_all = m_results && m_search && m_search->status().finished;
    const auto shown = m_order.apply(base, base->paused || found_all);
    // What a search finds, and what is sorted, stands as it comes.
    m_table->setOrder(m_order.sorted() || m_results ? LiveTable::Order::AsKept
                                                    : LiveTable::Order::NewestFirst);
    return shown;
}

// ---- sorting -----------------------------------------------------------------------------------

void LiveView::sortBy(std::optional<SortSpec> by) {
    if (by == m_order.wanted())
        return;
    if (by && !isPaused() && !m_results)
        pause();
    m_order.sort_by(by);
    m_table->showSorting(by ? std::optional(by->column) : std::nullopt, by && by->descending);
    if (m_live)
        tick();
}

/// A click on a header: the way one wants it first, the other way, as they came.
void LiveView::nextSorting(const ColumnSpec& column) {
    const bool largest_first = column.numeric() || column.kind == ColumnSpec::Kind::Time;
    const auto& now = m_order.wanted();
    if (!now || now->column != column)
        sortBy(SortSpec{column, largest_first});
    else if (now->descending == largest_first)
        sortBy(SortSpec{column, !largest_first});
    else
        sortBy(std::nullopt);
}

void LiveView::fillSortMenu(QMenu* menu) {
    const auto add = [&](const QString& title, std::optional<SortSpec> by) {
        QAction* const action = menu->addAction(title, this, [this, by] { sortBy(by); });
        action->setCheckable(true);
        action->setChecked(by == sorting());
    };
    add(tr("As they came"), std::nullopt);
    menu->addSeparator();
    for (const ColumnSpec& column : m_table->visibleColumns()) {
        const QString name = ColumnModel::fullTitle(column);
        add(tr("%1, ascending").arg(name), SortSpec{column, false});
        add(tr("%1, descending").arg(name), SortSpec{column, true});
    }
}

// ---- failures ----------------------------------------------------------------------------------

void LiveView::showFailures(bool alone) {
    m_failures_button->setChecked(alone);
    if (!m_live || (alone == showingFailures() && !m_results))
        return;
    if (m_results)
        backToLive();
    m_failures.reset();
    if (alone) {
        m_failures = LiveFeed::start(feedOptions());
        m_failures->set_filter(m_bar->filter());
        m_failures->offer(failures_alone(m_offered), m_caught_up);
        applyRange();
    }
    m_table->setFailuresMarked(!alone);
    setReader();
    m_live->resume();
    m_state_shown.clear();
    tick();
}

void LiveView::showFailureCount() {
    const FailureCount count = count_failures(m_offered);
    const QString text =
        count.ever == 0 ? tr("No failures") : tr("▲ Failures %1").arg(count_text(count.ever));
    if (m_failures_button->text() == text)
        return;
    m_failures_button->setText(text);
    m_failures_button->setAccessibleName(tr("Failures alone: %1").arg(count_text(count.ever)));
    set_plain_tooltip(m_failures_button,
                      tr("Show only dead letters and what could not be decoded (%1). The newest %2 "
                         "of them are kept apart, so that good events never push them out")
                          .arg(m_failures_action->shortcut().toString(QKeySequence::NativeText),
                               count_text(count.kept)));
}

} // namespace weir
