// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/catalogue/fields_model.h"

#include <QStringList>

#include "models/catalogue/catalogue_words.h"

namespace weir {

FieldsModel::FieldsModel(QObject* parent)
    : QAbstractItemModel(parent)
    , m_nodes(1) {}

FieldsModel::~FieldsModel() = default;

void FieldsModel::setContract(std::shared_ptr<const Contract> contract) {
    beginResetModel();
    m_contract = std::move(contract);
    m_nodes.assign(1, Node());
    m_by_pointer.clear();
    if (m_contract)
        for (const ContractField& field : m_contract->fields)
            m_nodes[static_cast<std::size_t>(nodeFor(field.pointer))].field = &field;
    endResetModel();
}

/// The node of that pointer, made with all above it if need be.
int FieldsModel::nodeFor(const std::string& pointer) {
    if (pointer.empty())
        return 0;
    if (const auto known = m_by_pointer.find(pointer); known != m_by_pointer.end())
        return known->second;
    const std::size_t step = pointer.rfind('/');
    const int above = nodeFor(pointer.substr(0, step == std::string::npos ? 0 : step));
    const int made = static_cast<int>(m_nodes.size());
    auto& siblings = m_nodes[static_cast<std::size_t>(above)].children;
    Node node;
    node.pointer = pointer;
    node.name = plain_step(pointer.substr(step == std::string::npos ? 0 : step + 1));
    node.parent = above;
    node.row = static_cast<int>(siblings.size());
    siblings.push_back(made);
    m_nodes.push_back(std::move(node));
    m_by_pointer.emplace(pointer, made);
    return made;
}

const FieldsModel::Node& FieldsModel::nodeAt(const QModelIndex& index) const {
    return m_nodes[index.isValid() ? static_cast<std::size_t>(index.internalId()) : 0];
}

const ContractField* FieldsModel::fieldAt(const QModelIndex& index) const {
    return nodeAt(index).field;
}

QModelIndex FieldsModel::indexOf(const QString& pointer) const {
    const auto found = m_by_pointer.find(pointer.toStdString());
    if (found == m_by_pointer.end())
        return {};
    return createIndex(m_nodes[static_cast<std::size_t>(found->second)].row, 0,
                       static_cast<quintptr>(found->second));
}

QModelIndex FieldsModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(
        row, column, static_cast<quintptr>(nodeAt(parent).children[static_cast<std::size_t>(row)]));
}

QModelIndex FieldsModel::parent(const QModelIndex& child) const {
    const int above = child.isValid() ? nodeAt(child).parent : 0;
    if (above == 0)
        return {};
    return createIndex(m_nodes[static_cast<std::size_t>(above)].row, 0,
                       static_cast<quintptr>(above));
}

int FieldsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() && parent.column() != 0
               ? 0
               : static_cast<int>(nodeAt(parent).children.size());
}

int FieldsModel::columnCount(const QModelIndex& /*parent*/) const {
    return ColumnCount;
}

QString FieldsModel::cell(const ContractField& field, int column) {
    switch (column) {
    case Type:
        return shown_text(field.types);
    case Required:
        return field.required ? tr("yes") : QString();
    case Personal:
        return field.personal() ? shown_text(field.pii) : QString();
    case Unit:
        return shown_text(field.unit);
    case Default:
        return shown_text(field.default_json);
    case Allowed: {
        QStringList all;
        for (const std::string& demand : field.demands)
            all.append(shown_text(demand));
        return all.join(QStringLiteral("; "));
    }
    case Description:
        return shown_text(field.description);
    default:
        return {};
    }
}

QVariant FieldsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const Node& node = nodeAt(index);
    if (role == PointerRole)
        return QString::fromStdString(node.pointer);
    if (role == Qt::DisplayRole && index.column() == Name)
        return node.pointer.ends_with("/*") ? tr("any element") : shown_text(node.name);
    if (node.field == nullptr)
        return {};
    if (role == Qt::DisplayRole)
        return cell(*node.field, index.column());
    if (role != Qt::AccessibleTextRole || index.column() != Name)
        return {};
    QStringList all{QString::fromStdString(node.pointer)};
    for (int column = Type; column < ColumnCount; ++column) {
        const QString text = cell(*node.field, column);
        if (!text.isEmpty())
            all.append(headerData(column, Qt::Horizontal, Qt::DisplayRole).toString() %
                       QStringLiteral(": ") % text);
    }
    return all.join(QStringLiteral(", "));
}

QVariant FieldsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignLeft | Qt::AlignVCenter));
    if (role == Qt::DisplayRole) {
        const QString titles[] = {tr("Field"),   tr("Type"), tr("Required"), tr("Personal"),
                                  tr("Allowed"), tr("Unit"), tr("Default"),  tr("Description")};
        return titles[section];
    }
    return {};
}

} // namespace weir
