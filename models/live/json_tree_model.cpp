// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/json_tree_model.h"

#include <algorithm>

#include "connectors/base/qt_text.h"
#include "models/event/filter/json_path.h"
#include "models/live/printable.h"

namespace weir {

namespace {

constexpr std::size_t value_bytes_max = 2048;

bool is_container(JsonKind kind) {
    return kind == JsonKind::Object || kind == JsonKind::Array;
}

} // namespace

struct JsonTreeModel::Item {
    Item* parent = nullptr;
    int row = 0;
    std::uint32_t node = 0;
    std::uint32_t key = 0;        // 0: an element, or the root
    std::uint32_t next_child = 0; // tape index of the first child not made yet
    std::vector<std::unique_ptr<Item>> children;
};

JsonTreeModel::JsonTreeModel(QObject* parent)
    : QAbstractItemModel(parent) {}

JsonTreeModel::~JsonTreeModel() = default;

void JsonTreeModel::setDetail(std::shared_ptr<const EventDetail> detail) {
    beginResetModel();
    m_detail = std::move(detail);
    m_root.reset();
    if (m_detail && m_detail->is_json) {
        m_root = std::make_unique<Item>();
        m_root->next_child = 1;
    }
    m_marks.clear();
    if (m_root)
        markViolations();
    endResetModel();
}

/// The node at a pointer; if there is none, the nearest one around it and what is missing there.
std::uint32_t JsonTreeModel::nearest(std::string pointer, std::string& missing) const {
    pointer.insert(0, m_detail->event_at);
    for (;;) {
        if (const auto node = m_detail->tape.at(pointer))
            return *node;
        const std::size_t cut = pointer.rfind('/');
        if (cut == std::string::npos)
            return 0;
        missing = pointer.substr(cut + 1);
        pointer.resize(cut);
    }
}

void JsonTreeModel::markViolations() {
    for (const Violation& violation : m_detail->violations) {
        std::string missing;
        const std::uint32_t node = nearest(violation.pointer, missing);
        Mark& mark = m_marks[node];
        mark.refusing = mark.refusing || violation.effect == Effect::Block;
        mark.text += mark.text.isEmpty() ? QString() : QStringLiteral("; ");
        if (!missing.empty())
            mark.text += tr("%1 is missing").arg(qt(printable(missing)));
        else if (!violation.expected.empty())
            mark.text += tr("expected %1").arg(qt(printable(violation.expected)));
        else
            mark.text += qt(std::string(to_word(violation.reason)));
    }
}

QModelIndex JsonTreeModel::indexOf(const QString& pointer) {
    if (!m_root)
        return {};
    std::string missing;
    const std::uint32_t wanted = nearest(pointer.toStdString(), missing);
    QModelIndex at = index(0, 0);
    while (item(at)->node != wanted) {
        const auto holds = [&](const auto& child) {
            return child->node <= wanted && wanted < m_detail->tape.nodes()[child->node].next;
        };
        const auto& children = item(at)->children;
        const auto found = std::find_if(children.begin(), children.end(), holds);
        if (found != children.end())
            at = createIndex((*found)->row, 0, found->get());
        else if (canFetchMore(at))
            fetchMore(at);
        else
            break;
    }
    return at;
}

const JsonTreeModel::Item* JsonTreeModel::item(const QModelIndex& index) const {
    return static_cast<const Item*>(index.constInternalPointer());
}

QModelIndex JsonTreeModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent))
        return {};
    if (!parent.isValid())
        return createIndex(row, column, m_root.get());
    return createIndex(row, column, item(parent)->children[static_cast<std::size_t>(row)].get());
}

QModelIndex JsonTreeModel::parent(const QModelIndex& child) const {
    if (!child.isValid() || !item(child)->parent)
        return {};
    Item* const above = item(child)->parent;
    return createIndex(above->row, 0, above);
}

int JsonTreeModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid())
        return m_root ? 1 : 0;
    return static_cast<int>(item(parent)->children.size());
}

int JsonTreeModel::columnCount(const QModelIndex& /*parent*/) const {
    return 1;
}

bool JsonTreeModel::hasChildren(const QModelIndex& parent) const {
    if (!parent.isValid())
        return m_root != nullptr;
    const TapeNode& node = m_detail->tape.nodes()[item(parent)->node];
    return is_container(node.kind) && node.next > item(parent)->node + 1;
}

bool JsonTreeModel::canFetchMore(const QModelIndex& parent) const {
    if (!parent.isValid())
        return false;
    const Item* const of = item(parent);
    return hasChildren(parent) && of->next_child < m_detail->tape.nodes()[of->node].next;
}

void JsonTreeModel::fetch(const QModelIndex& parent, int at_most) {
    if (!canFetchMore(parent) || at_most <= 0)
        return;
    const auto& nodes = m_detail->tape.nodes();
    Item* const of = const_cast<Item*>(item(parent)); // the model's own
    const bool object = nodes[of->node].kind == JsonKind::Object;
    std::vector<std::unique_ptr<Item>> made;
    std::uint32_t at = of->next_child;
    int row = static_cast<int>(of->children.size());
    while (at < nodes[of->node].next && made.size() < static_cast<std::size_t>(at_most)) {
        auto child = std::make_unique<Item>();
        child->parent = of;
        child->row = row++;
        child->key = object ? at : 0;
        child->node = object ? at + 1 : at;
        child->next_child = child->node + 1;
        at = nodes[child->node].next;
        made.push_back(std::move(child));
    }
    const int first = static_cast<int>(of->children.size());
    beginInsertRows(parent, first, first + static_cast<int>(made.size()) - 1);
    for (auto& child : made)
        of->children.push_back(std::move(child));
    of->next_child = at;
    endInsertRows();
}

QString JsonTreeModel::name(const Item& item) const {
    if (!item.parent)
        return QStringLiteral("event");
    if (item.key == 0)
        return QString::number(item.row);
    return qt(printable(m_detail->tape.unescaped(item.key)));
}

QString JsonTreeModel::value(const Item& item) const {
    const JsonTape& tape = m_detail->tape;
    switch (tape.nodes()[item.node].kind) {
    case JsonKind::Object:
        return QStringLiteral("{%1}").arg(tape.size(item.node));
    case JsonKind::Array:
        return QStringLiteral("[%1]").arg(tape.size(item.node));
    case JsonKind::String: {
        std::string text = "\"" + printable(tape.raw(item.node), value_bytes_max) + "\"";
        return qt(text);
    }
    default:
        return qt(printable(tape.raw(item.node), value_bytes_max));
    }
}

QString JsonTreeModel::path(const Item& item) const {
    JsonPath path;
    for (const Item* at = &item; at->parent; at = at->parent) {
        JsonPathStep step;
        if (at->key == 0) {
            step.kind = JsonPathStep::Kind::Element;
            step.index = static_cast<std::uint32_t>(at->row);
        } else {
            step.name = m_detail->tape.unescaped(at->key);
        }
        path.steps.insert(path.steps.begin(), std::move(step));
    }
    return qt(path.text());
}

QVariant JsonTreeModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const Item& of = *item(index);
    const JsonTape& tape = m_detail->tape;
    switch (role) {
    case Qt::DisplayRole:
        return QString(name(of) % QStringLiteral(": ") % value(of));
    case NameRole:
        return name(of);
    case ValueRole:
        return value(of);
    case KindRole:
        return static_cast<int>(tape.nodes()[of.node].kind);
    case PointerRole:
        return qt(tape.pointer(of.node));
    case PathRole:
        return path(of);
    case RawRole: {
        const std::string_view raw = tape.raw(of.node);
        return QString::fromUtf8(raw.data(), static_cast<qsizetype>(raw.size()));
    }
    case ViolationRole:
    case RefusingRole: {
        const auto mark = m_marks.find(of.node);
        if (mark == m_marks.end())
            return {};
        return role == ViolationRole ? QVariant(mark->second.text)
                                     : QVariant(mark->second.refusing);
    }
    case SizeRole:
        return is_container(tape.nodes()[of.node].kind) ? tape.size(of.node) : 0;
    case MaskedRole: {
        const TapeNode& node = tape.nodes()[of.node];
        const MaskedSpan* span = m_detail->masked_within(node.offset, node.length);
        return span && !is_container(node.kind) ? qt(span->reason) : QString();
    }
    default:
        return {};
    }
}

} // namespace weir
