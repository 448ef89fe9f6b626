// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backlog/backlog_model.h"

#include <algorithm>
#include <bit>

#include "connectors/base/qt_text.h"
#include "connectors/base/time_units.h"
#include "models/backlog/lag_curve.h"
#include "models/event/grouped.h"

namespace weir {

namespace {

constexpr char16_t key_break = u'\n';

QString span_of(const std::optional<std::int64_t>& us) {
    return us ? qt(span_text(*us)) : QStringLiteral("–");
}

QString rate_of(const std::optional<double>& per_s) {
    if (!per_s)
        return QStringLiteral("–");
    return std::abs(*per_s) < 10 ? QString::number(*per_s, 'f', 1)
                                 : qt(grouped(static_cast<std::int64_t>(*per_s)));
}

QString drain_of(const std::optional<double>& s) {
    return s && *s > 0 ? qt(span_text(static_cast<std::int64_t>(*s * us_per_s)))
                       : QStringLiteral("–");
}

QString behind_of(const std::optional<std::int64_t>& us, LagMethod method) {
    const QString sign = method == LagMethod::AtLeast        ? QStringLiteral("≥ ")
                         : method == LagMethod::Interpolated ? QStringLiteral("≈ ")
                                                             : QString();
    return sign + span_of(us);
}

bool is_number(int column) {
    return column >= BacklogModel::Lag && column <= BacklogModel::Retention;
}

QVariantList curve_of(const std::vector<std::shared_ptr<const BacklogSamples>>& all, Micros now) {
    QVariantList list;
    for (const LagPoint& point :
         lag_curve(all, oldest_look(all, now), now, BacklogModel::curve_points))
        list.append(point.lag);
    return list;
}

/// About how much: lags of the same order do not change places.
int magnitude(std::int64_t lag) {
    return static_cast<int>(
        std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(0, lag))));
}

/// By what a group is ordered in a column; bigger is more of it.
double value_of(const GroupBacklog& group, int column) {
    constexpr double none = -1e18;
    switch (column) {
    case BacklogModel::Lag:
        return static_cast<double>(group.lag_messages);
    case BacklogModel::Behind:
        return group.lag_us ? static_cast<double>(*group.lag_us) : none;
    case BacklogModel::RateIn:
        return group.rate_in.value_or(none);
    case BacklogModel::RateOut:
        return group.rate_out.value_or(none);
    case BacklogModel::Drain:
        return group.drain_s.value_or(none);
    case BacklogModel::Retention:
        return group.retention_left_us ? static_cast<double>(*group.retention_left_us) : none;
    default:
        return static_cast<double>(group.verdict) * 1000 + magnitude(group.lag_messages);
    }
}

bool same_partitions(const GroupBacklog& a, const GroupBacklog& b) {
    return std::equal(a.partitions.begin(), a.partitions.end(), b.partitions.begin(),
                      b.partitions.end(),
                      [](const auto& x, const auto& y) { return x.facts.at == y.facts.at; });
}

} // namespace

BacklogModel::BacklogModel(QObject* parent)
    : QAbstractItemModel(parent) {}

// ---- what there is -----------------------------------------------------------------------------

void BacklogModel::setSnapshot(std::shared_ptr<const BacklogSnapshot> snapshot) {
    if (snapshot == m_snapshot)
        return;
    m_snapshot = std::move(snapshot);
    refresh();
}

void BacklogModel::setFilter(const QString& words, bool bad) {
    if (words == m_words && bad == m_only_bad)
        return;
    m_words = words;
    m_only_bad = bad;
    refresh();
}

bool BacklogModel::wanted(const GroupBacklog& group) const {
    if (m_only_bad && !is_bad(group.verdict))
        return false;
    const QStringList words = m_words.split(u' ', Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(), [&](const QString& word) {
        if (qt(group.group.id).contains(word, Qt::CaseInsensitive))
            return true;
        return std::any_of(group.partitions.begin(), group.partitions.end(), [&](const auto& p) {
            return qt(p.facts.at.topic).contains(word, Qt::CaseInsensitive);
        });
    });
}

void BacklogModel::refresh() {
    std::map<std::string, std::shared_ptr<const GroupBacklog>> all;
    if (m_snapshot)
        for (const auto& group : m_snapshot->groups)
            if (wanted(*group))
                all.emplace(group->group.id, group);
    remove_others(all);
    for (int row = 0; row < rowCount(); ++row) {
        const auto found = all.find(m_rows[static_cast<std::size_t>(row)].group->group.id);
        renew(row, found->second);
        all.erase(found);
    }
    if (!all.empty()) {
        const int first = rowCount();
        beginInsertRows({}, first, first + static_cast<int>(all.size()) - 1);
        for (auto& [id, group] : all)
            m_rows.push_back({m_next_number++, std::move(group)});
        number_rows();
        endInsertRows();
    }
    put_in_order();
}

void BacklogModel::remove_others(
    const std::map<std::string, std::shared_ptr<const GroupBacklog>>& wanted) {
    for (int last = rowCount() - 1; last >= 0; --last) {
        const auto gone = [&](int row) {
            return !wanted.contains(m_rows[static_cast<std::size_t>(row)].group->group.id);
        };
        if (!gone(last))
            continue;
        int first = last;
        while (first > 0 && gone(first - 1))
            --first;
        beginRemoveRows({}, first, last);
        m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
        number_rows();
        endRemoveRows();
        last = first;
    }
}

void BacklogModel::renew(int row, std::shared_ptr<const GroupBacklog> group) {
    Row& mine = m_rows[static_cast<std::size_t>(row)];
    if (mine.group == group)
        return;
    const QModelIndex top = index(row, 0);
    if (!same_partitions(*mine.group, *group)) {
        if (const int count = rowCount(top); count > 0) {
            beginRemoveRows(top, 0, count - 1);
            auto without = std::make_shared<GroupBacklog>(*mine.group);
            without->partitions.clear();
            mine.group = std::move(without);
            endRemoveRows();
        }
        if (!group->partitions.empty()) {
            beginInsertRows(top, 0, static_cast<int>(group->partitions.size()) - 1);
            mine.group = std::move(group);
            endInsertRows();
        } else {
            mine.group = std::move(group);
        }
    } else {
        mine.group = std::move(group);
        if (const int count = rowCount(top); count > 0)
            Q_EMIT dataChanged(index(0, 0, top), index(count - 1, ColumnCount - 1, top));
    }
    Q_EMIT dataChanged(top, index(row, ColumnCount - 1));
}

void BacklogModel::number_rows() {
    m_row_of.clear();
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        m_row_of[m_rows[i].number] = static_cast<int>(i);
}

bool BacklogModel::before(const Row& a, const Row& b) const {
    const GroupBacklog& x = *a.group;
    const GroupBacklog& y = *b.group;
    if (m_sort_column != Name) {
        const double of_x = value_of(x, m_sort_column);
        const double of_y = value_of(y, m_sort_column);
        if (of_x != of_y)
            return m_sort_order == Qt::AscendingOrder ? of_x < of_y : of_x > of_y;
        return x.group.id < y.group.id;
    }
    return m_sort_order == Qt::AscendingOrder ? x.group.id < y.group.id : x.group.id > y.group.id;
}

void BacklogModel::put_in_order() {
    const auto less = [this](const Row& a, const Row& b) { return before(a, b); };
    if (std::is_sorted(m_rows.begin(), m_rows.end(), less))
        return;
    Q_EMIT layoutAboutToBeChanged();
    const QModelIndexList kept = persistentIndexList();
    std::vector<quintptr> numbers; // of the top rows among them
    for (const QModelIndex& at : kept)
        numbers.push_back(at.internalId() != 0 ? 0
                                               : m_rows[static_cast<std::size_t>(at.row())].number);
    std::stable_sort(m_rows.begin(), m_rows.end(), less);
    number_rows();
    QModelIndexList moved = kept;
    for (int i = 0; i < moved.size(); ++i)
        if (const quintptr number = numbers[static_cast<std::size_t>(i)]; number != 0)
            moved[i] = index(m_row_of[number], kept[i].column());
    changePersistentIndexList(kept, moved);
    Q_EMIT layoutChanged();
}

void BacklogModel::sort(int column, Qt::SortOrder order) {
    m_sort_column = column;
    m_sort_order = order;
    put_in_order();
}

// ---- rows --------------------------------------------------------------------------------------

std::shared_ptr<const GroupBacklog> BacklogModel::sharedGroupAt(const QModelIndex& index) const {
    if (!index.isValid())
        return nullptr;
    const int row = index.internalId() == 0 ? index.row() : parent(index).row();
    return m_rows[static_cast<std::size_t>(row)].group;
}

const GroupBacklog* BacklogModel::groupAt(const QModelIndex& index) const {
    return sharedGroupAt(index).get();
}

const PartitionBacklog* BacklogModel::partitionAt(const QModelIndex& index) const {
    if (!index.isValid() || index.internalId() == 0)
        return nullptr;
    return &groupAt(index)->partitions[static_cast<std::size_t>(index.row())];
}

QString BacklogModel::groupKey(const std::string& group) {
    return qt(group);
}

QString BacklogModel::partitionKey(const std::string& group, const kafka::TopicPartition& at) {
    return qt(group) + key_break + qt(at.topic) + key_break + QString::number(at.partition.value());
}

QModelIndex BacklogModel::indexOf(const QString& key) const {
    const QString group = key.section(key_break, 0, 0);
    for (int row = 0; row < rowCount(); ++row) {
        const GroupBacklog& one = *m_rows[static_cast<std::size_t>(row)].group;
        if (qt(one.group.id) != group)
            continue;
        const QModelIndex top = index(row, 0);
        if (!key.contains(key_break))
            return top;
        for (int child = 0; child < rowCount(top); ++child)
            if (partitionKey(one.group.id,
                             one.partitions[static_cast<std::size_t>(child)].facts.at) == key)
                return index(child, 0, top);
        return {};
    }
    return {};
}

QModelIndex BacklogModel::index(int row, int column, const QModelIndex& parent) const {
    if (row < 0 || row >= rowCount(parent) || column < 0 || column >= ColumnCount)
        return {};
    if (!parent.isValid())
        return createIndex(row, column, quintptr{0});
    return createIndex(row, column, m_rows[static_cast<std::size_t>(parent.row())].number);
}

QModelIndex BacklogModel::parent(const QModelIndex& child) const {
    if (!child.isValid() || child.internalId() == 0)
        return {};
    const auto found = m_row_of.find(child.internalId());
    return found == m_row_of.end() ? QModelIndex() : createIndex(found->second, 0, quintptr{0});
}

int BacklogModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid())
        return static_cast<int>(m_rows.size());
    if (parent.internalId() != 0 || parent.column() != 0)
        return 0;
    return static_cast<int>(
        m_rows[static_cast<std::size_t>(parent.row())].group->partitions.size());
}

int BacklogModel::columnCount(const QModelIndex& /*parent*/) const {
    return ColumnCount;
}

// ---- cells -------------------------------------------------------------------------------------

QVariant BacklogModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(
            Qt::AlignVCenter | (is_number(index.column()) ? Qt::AlignRight : Qt::AlignLeft)));
    const std::shared_ptr<const GroupBacklog> group = sharedGroupAt(index);
    if (const PartitionBacklog* partition = partitionAt(index))
        return partitionData(*group, *partition, index.column(), role);
    return groupData(*group, index.column(), role);
}

QVariant BacklogModel::groupData(const GroupBacklog& group, int column, int role) const {
    switch (role) {
    case KeyRole:
        return groupKey(group.group.id);
    case VerdictRole:
        return static_cast<int>(group.verdict);
    case EstimateRole:
        return column == Behind && group.lag_method != LagMethod::Exact;
    case CurveRole: {
        std::vector<std::shared_ptr<const BacklogSamples>> all;
        for (const PartitionBacklog& p : group.partitions)
            all.push_back(p.samples);
        return curve_of(all, group.at);
    }
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    const bool known = std::any_of(group.partitions.begin(), group.partitions.end(),
                                   [](const auto& p) { return p.assessment.lag_messages; });
    switch (column) {
    case Name:
        return qt(group.group.id);
    case State:
        return QString::fromLatin1(to_word(group.verdict));
    case Lag:
        return known ? qt(grouped(group.lag_messages)) : QStringLiteral("–");
    case Behind:
        return behind_of(group.lag_us, group.lag_method);
    case RateIn:
        return rate_of(group.rate_in);
    case RateOut:
        return rate_of(group.rate_out);
    case Drain:
        return drain_of(group.drain_s);
    case Retention:
        return span_of(group.retention_left_us);
    case Reason:
        return qt(group.reason);
    default:
        return {};
    }
}

QVariant BacklogModel::partitionData(const GroupBacklog& group, const PartitionBacklog& partition,
                                     int column, int role) const {
    const Assessment& a = partition.assessment;
    switch (role) {
    case KeyRole:
        return partitionKey(group.group.id, partition.facts.at);
    case VerdictRole:
        return static_cast<int>(a.verdict);
    case HotRole:
        return qt(partition.hot);
    case EstimateRole:
        return column == Behind && a.lag_method != LagMethod::Exact;
    case CurveRole:
        return curve_of({partition.samples}, group.at);
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (column) {
    case Name:
        return QString(qt(partition.facts.at.topic) % u'/' %
                       QString::number(partition.facts.at.partition.value()));
    case State:
        return QString::fromLatin1(to_word(a.verdict));
    case Lag:
        return a.lag_messages ? qt(grouped(*a.lag_messages)) : QStringLiteral("–");
    case Behind:
        return behind_of(a.lag_us, a.lag_method);
    case RateIn:
        return rate_of(a.rate_in);
    case RateOut:
        return rate_of(a.rate_out);
    case Drain:
        return drain_of(a.drain_s);
    case Retention:
        return span_of(a.retention_left_us);
    case Reason:
        return partition.hot.empty() ? qt(a.reason) : qt(a.reason + "; " + partition.hot);
    default:
        return {};
    }
}

QVariant BacklogModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(
            Qt::AlignVCenter | (is_number(section) ? Qt::AlignRight : Qt::AlignLeft)));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Group and partition");
    case State:
        return tr("Verdict");
    case Lag:
        return tr("Lag, offsets");
    case Behind:
        return tr("Behind");
    case RateIn:
        return tr("In, /s");
    case RateOut:
        return tr("Out, /s");
    case Drain:
        return tr("Drained in");
    case Retention:
        return tr("Deleted in");
    case History:
        return tr("Lag over time");
    case Reason:
        return tr("Reason");
    default:
        return {};
    }
}

} // namespace weir
