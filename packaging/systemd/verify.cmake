# The units as an instance, with the program that was built in place of the installed one: systemd-analyze runs nothing of it.
foreach(unit controls seal)
  file(READ ${UNITS}/scrutineer-${unit}@.service service)
  string(REPLACE "ExecStart=scrutineerctl" "ExecStart=${PROGRAMS}/scrutineerctl" service "${service}")
  file(WRITE ${OUT}/scrutineer-${unit}@mysite.service "${service}")
endforeach()
configure_file(${UNITS}/scrutineer-controls@.timer ${OUT}/scrutineer-controls@mysite.timer COPYONLY)
execute_process(COMMAND ${CMAKE_COMMAND} -E env XDG_RUNTIME_DIR=${OUT} ${ANALYZE} verify --user --man=no ${OUT}/scrutineer-controls@mysite.service
                        ${OUT}/scrutineer-controls@mysite.timer ${OUT}/scrutineer-seal@mysite.service
                RESULT_VARIABLE status ERROR_VARIABLE said OUTPUT_VARIABLE said)
if(NOT status EQUAL 0 OR said MATCHES "scrutineer-(controls|seal)")
  message(FATAL_ERROR "${status}\n${said}")
endif()
