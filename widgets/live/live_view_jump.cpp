// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Jumps of the Live view: to a time or an offset in memory, or to where it is still to be read.
#include <QPushButton>

#include <utility>

#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"

namespace weir {

namespace {

/// "raw_events/3", or "partition 3" where the topic is not named.
QString place_text(const JumpTarget& target) {
    const QString number = QString::number(target.partition->value());
    return target.topic.empty() ? LiveView::tr("partition %1").arg(number)
                                : QString::fromStdString(target.topic) % u'/' % number;
}

} // namespace

void LiveView::jumpTo(const JumpTarget& target) {
    note({});
    m_reading_to.reset();
    sortBy(std::nullopt); // where the nearest one stands is told in the order they came
    m_jump_back = false;
    m_jump_target = target;
    if (feed())
        m_jump = feed()->jump(target);
}

/// Where the selected row lies.
std::optional<JumpTarget> LiveView::selectedPlace() const {
    const auto ref = m_table->currentRef();
    const auto& segment = ref ? m_table->snapshot()->segment(*ref) : nullptr;
    if (!segment)
        return std::nullopt;
    const StoredRow& row = segment->row(ref->row);
    JumpTarget target;
    target.offset = Offset(row.offset);
    target.partition = PartitionId(row.partition);
    target.topic = m_source->vocabulary()->places->name(PlaceId(row.place));
    return target;
}

/// An event that was asked for by its id is opened, not only listed.
void LiveView::openFound(const LiveSnapshot& snapshot) {
    if (m_find == 0 || snapshot.filter_token != m_find || m_results)
        return;
    if (snapshot.matched() == 0 && snapshot.scanning)
        return; // not found yet
    m_find = 0;
    if (snapshot.matched() == 0)
        return;
    m_detail_closed = false;
    m_table->goToRow(0);
    openCurrent(false);
    m_table->setFocus();
}

void LiveView::answerJump(const LiveSnapshot& snapshot) {
    if (m_jump == 0 || snapshot.jump.token != m_jump || !snapshot.jump.done)
        return;
    m_jump = 0;
    if (m_jump_back) {
        if (snapshot.jump.exact && *snapshot.jump.row < snapshot.matched())
            m_table->goToRow(m_table->rowOf(*snapshot.jump.row));
        return;
    }
    const bool looks_on = m_reading_to && !snapshot.jump.exact && !m_source->status().caught_up;
    if (looks_on && (!snapshot.jump.row || !m_reading_to->time))
        return; // what was read for is still to come
    const bool was_read = std::exchange(m_reading_to, std::nullopt).has_value();
    if (snapshot.jump.row && *snapshot.jump.row < snapshot.matched()) {
        m_table->goToRow(m_table->rowOf(*snapshot.jump.row));
        m_table->setFocus();
        Q_EMIT moved();
    }
    note(snapshot.jump.exact ? QString()
         : snapshot.jump.row ? tr("Nearest event in memory")
         : snapshot.filtered ? tr("Nothing to jump to among the events that match")
                             : tr("Nothing to jump to in memory"));
    const bool elsewhere = snapshot.jump.beyond && !snapshot.jump.exact && !snapshot.filtered;
    if (elsewhere && !was_read && !m_results && !m_failures && m_source->can_read_again())
        offerToRead(m_jump_target);
}

/// What lies before all that is in memory may still stand in the topic.
void LiveView::offerToRead(const JumpTarget& target) {
    m_read_there = target;
    QString where = target.time ? tr("Begins the reading anew at that time") : QString();
    if (where.isEmpty()) {
        const QString offset = count_text(std::int64_t{target.offset->value()});
        where = target.partition
                    ? tr("Begins the reading anew at offset %1 of %2, and elsewhere with what "
                         "comes from now on")
                          .arg(offset, place_text(target))
                    : tr("Begins the reading anew at offset %1 of every partition that has it, and "
                         "elsewhere with what comes from now on")
                          .arg(offset);
    }
    set_plain_tooltip(m_read_there_button, where);
}

void LiveView::readFromThere() {
    if (!m_read_there)
        return;
    const JumpTarget target = *m_read_there;
    note({});
    m_reading_to = target;
    m_read_before = m_observation;
    kafka::StartAt start;
    start.kind = target.time ? kafka::StartAt::Kind::Time : kafka::StartAt::Kind::OffsetOrEnd;
    start.time = target.time.value_or(Micros());
    start.number = target.offset ? target.offset->value() : 0;
    start.topic = target.topic;
    start.partition = target.partition;
    m_source->read_again(start);
}

/// Goes to where reading began anew, once it has come.
void LiveView::seekReadPlace(const LiveSnapshot& snapshot) {
    const bool began = m_reading_to && m_observation != m_read_before;
    if (!began || m_jump != 0 || snapshot.arrived == 0)
        return;
    m_jump_target = *m_reading_to;
    m_jump_back = false;
    m_jump = feed()->jump(m_jump_target);
}

} // namespace weir
