# One CTest case for each file of GoogleTest tests: a process per file is much cheaper than one per
# test, most of all with sanitizers.

# Registers the tests of `sources`, which are part of the executable `target`. Fails if a test could
# not be told to a file. Reads the names from the sources, so CMake runs again if one changes.
function(herdsim_add_test_files target)
  set(all_tests "")
  foreach(source ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    file(READ ${source} text)
    string(REGEX MATCHALL "\n(TEST|TEST_F|TEST_P)\\([ \n]*[A-Za-z0-9_]+,[ \n]*[A-Za-z0-9_]+\\)"
      macros "${text}")
    set(tests "")
    foreach(macro ${macros})
      string(REGEX REPLACE "\n(TEST|TEST_F|TEST_P)\\([ \n]*([A-Za-z0-9_]+),[ \n]*([A-Za-z0-9_]+)\\)"
        "\\1;\\2.\\3" parts "${macro}")
      list(GET parts 0 kind)
      list(GET parts 1 test)
      if(kind STREQUAL "TEST_P")
        set(test "*/${test}/*")
      endif()
      list(APPEND tests ${test})
    endforeach()
    if(NOT tests)
      message(FATAL_ERROR "${source} has no TEST, TEST_F or TEST_P")
    endif()
    list(APPEND all_tests ${tests})
    list(JOIN tests ":" filter)
    get_filename_component(name ${source} NAME_WE)
    string(REGEX REPLACE "_tests$" "" part ${target})
    add_test(NAME ${part}.${name} COMMAND ${target} --gtest_brief=1 --gtest_filter=${filter})
    set_tests_properties(${part}.${name} PROPERTIES TIMEOUT 600)
  endforeach()
  # Every test of the executable is in one of these filters.
  list(JOIN all_tests ":" filter)
  add_test(NAME ${part}.no_test_is_left_out COMMAND ${target} --gtest_filter=-${filter})
  set_tests_properties(${part}.no_test_is_left_out PROPERTIES
    PASS_REGULAR_EXPRESSION "Running 0 tests from 0 test suites")
endfunction()
