# cmake -DFOLDER=<schema folder> -DNAME=<module> -DOUT=<header> -P EmbedSchema.cmake
# Makes the header with a module's migrations from NNN_name.up.sql and NNN_name.down.sql. A file NNN_name.up.sqlite.sql or
# NNN_name.up.postgres.sql takes the place of the general one for that dialect. Without a down file there is no way back.
cmake_policy(SET CMP0057 NEW)

# The raw literal of one file, or nullptr. Dialect files win.
function(literal stem direction dialect out)
  foreach(file ${FOLDER}/${stem}.${direction}.${dialect}.sql ${FOLDER}/${stem}.${direction}.sql)
    if(EXISTS ${file})
      file(READ ${file} text)
      set(${out} "R\"cardea_sql(${text})cardea_sql\"" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(${out} nullptr PARENT_SCOPE)
endfunction()

file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*.sql)
list(SORT files)
set(stems)
foreach(file ${files})
  if(NOT file MATCHES "^([0-9][0-9][0-9]_([a-z0-9_]+))\\.(up|down)(\\.(sqlite|postgres))?\\.sql$")
    message(FATAL_ERROR "${FOLDER}/${file}: wants a name such as 001_accounts.up.sql or 001_accounts.up.postgres.sql")
  endif()
  if(NOT CMAKE_MATCH_1 IN_LIST stems)
    list(APPEND stems ${CMAKE_MATCH_1})
  endif()
endforeach()

set(header "// Made from the schema folder of ${NAME} by cmake/EmbedSchema.cmake.
#pragma once

#include <cstring>

#include <cardea/database.h>

namespace cardea::${NAME} {

")
foreach(dialect sqlite postgres)
  string(SUBSTRING ${dialect} 0 1 initial)
  string(TOUPPER ${initial} initial)
  string(SUBSTRING ${dialect} 1 -1 rest)
  set(table ${initial}${rest})
  string(APPEND header "inline constexpr cardea_migration_t k${table}[] = {\n")
  set(number 0)
  foreach(stem ${stems})
    math(EXPR number "${number} + 1")
    string(REGEX MATCH "^0*([0-9]+)_(.*)$" parts ${stem})
    if(NOT CMAKE_MATCH_1 EQUAL number)
      message(FATAL_ERROR "${FOLDER}: step ${number} is missing, or there are two of one number, at ${stem}")
    endif()
    set(name ${CMAKE_MATCH_2})
    literal(${stem} up ${dialect} up)
    literal(${stem} down ${dialect} down)
    if(up STREQUAL nullptr)
      message(FATAL_ERROR "${FOLDER}/${stem}: no up file for ${dialect}")
    endif()
    string(APPEND header "    {\"${name}\", ${up}, ${down}},\n")
  endforeach()
  string(APPEND header "};\n")
endforeach()
string(APPEND header "
/// For get_interface(CARDEA_SCHEMA).
inline constexpr cardea_schema_t kSchema{
    sizeof(cardea_schema_t), \"${NAME}\", [](const char* dialect, size_t* count) {
      const bool sqlite = std::strcmp(dialect, \"sqlite\") == 0;
      *count = sqlite ? sizeof kSqlite / sizeof *kSqlite : sizeof kPostgres / sizeof *kPostgres;
      return sqlite ? static_cast<const cardea_migration_t*>(kSqlite) : kPostgres;
    }};

}  // namespace cardea::${NAME}
")
file(WRITE ${OUT} "${header}")
